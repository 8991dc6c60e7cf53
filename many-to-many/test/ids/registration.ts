import type { Migrations } from '@attendance/common/database/migrate';
import pg from 'pg';
import { z } from 'zod';
import { createCopy } from '../../src/copy/createCopy.ts';
import { overPool } from '../../src/copy/overPool.ts';
import type { Query } from '../../src/copy/query.ts';
import { createTables } from '../../src/copy/tables.ts';
import type { EntityTable } from '../../src/copy/table.ts';
import { ids } from '../../src/ids.ts';
import { defineRelation, type SideName } from '../../src/relation.ts';
import type { PlantedClaim, Subject } from '../../src/testing/conformance/subject.ts';
import { createTimes } from '../../src/times.ts';
import {
  createTestDatabase,
  dropTestDatabase,
  withOpenTransaction,
  type TestDatabase,
} from '../../../test/support/postgres.ts';
import { newIdOf } from './newId.ts';

const entity = z.object({ id: z.string(), name: z.string() });
export type Entity = z.output<typeof entity>;

/** A relation of seminars with bigint ids and students with text ids. */
export const registration = defineRelation({
  name: 'registration',
  left: { name: 'seminar', id: 'bigint', entity },
  right: { name: 'student', id: 'text', entity },
});

const json = (alias: string) => `json_build_object('id', ${alias}.id::text, 'name', ${alias}.name)`;
const tables: Readonly<Record<SideName, EntityTable>> = {
  left: { table: 'seminars', json },
  right: { table: 'students', json },
};

export interface RegistrationCopy extends Subject<Entity> {
  query: Query;
  entities: EntityTable;
  settings: TestDatabase;
  createEntityWith: (id: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Creates a copy in its own database, with the tables of createTables. */
export async function createRegistrationCopy(name: SideName, idColumn?: string): Promise<RegistrationCopy> {
  const side = registration[name];
  const entities = tables[name];
  const column = idColumn ?? ids[side.id].column;
  const migrations: Migrations = {
    '001_tables': {
      up: async (knex) => {
        await knex.raw(`CREATE TABLE ${entities.table} (id ${column} PRIMARY KEY, name text NOT NULL)`);
        await knex.raw(createTables(side, entities));
      },
      down: () => Promise.resolve(),
    },
  };
  const settings = await createTestDatabase(name, migrations);
  const pool = new pg.Pool({ ...settings.serviceRole, max: 8 });
  const query = overPool(pool);
  const times = createTimes();
  const run = (text: string, values: unknown[]) => query({ text, values });
  const createEntityWith = async (id: string) => {
    await run(`INSERT INTO ${entities.table} (id, name) VALUES ($1, 'Ada')`, [id]);
  };
  return {
    copy: createCopy(side, { query, entities, times }),
    ...{ side, times, query, entities, settings, createEntityWith },
    clock: () => Date.now(),
    createEntity: async () => {
      const id = newIdOf(side.id);
      await createEntityWith(id);
      return { id, entity: { id, name: 'Ada' } };
    },
    deleteEntity: async (id) => {
      await run(`DELETE FROM ${entities.table} WHERE id = $1`, [id]);
    },
    whileDeleting: (id, work) =>
      withOpenTransaction(settings.serviceRole, `DELETE FROM ${entities.table} WHERE id = $1`, [id], work),
    newOwnId: () => newIdOf(side.id),
    newOtherId: () => newIdOf(side.other.id),
    plant: (claims) => plant(query, claims),
    close: async () => {
      await pool.end();
      await dropTestDatabase(settings);
    },
  };
}

async function plant(query: Query, claims: PlantedClaim[]): Promise<void> {
  const text = `
    INSERT INTO registration (claim_id, seminar_id, student_id, retired)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::boolean[])`;
  const values = [
    claims.map(({ claim_id }) => claim_id),
    claims.map(({ left }) => left),
    claims.map(({ right }) => right),
    claims.map(({ retired = false }) => retired),
  ];
  await query({ text, values });
}
