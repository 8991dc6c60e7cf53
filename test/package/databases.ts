import { randomBytes } from 'node:crypto';
import { withClient } from '@attendance/common/database/client';
import type pg from 'pg';
import { adminConnection } from '../support/postgres.ts';

/** A database without tables. */
export interface EmptyDatabase {
  url: string;
  /** Runs one or more SQL statements. */
  query: <Row>(text: string, values?: unknown[]) => Promise<Row[]>;
  drop: () => Promise<void>;
}

/** Creates an empty database with a unique name. */
export async function createEmptyDatabase(kind: string): Promise<EmptyDatabase> {
  const admin = adminConnection();
  const database = `test_${kind}_${randomBytes(6).toString('hex')}`;
  await withClient(admin, (client) => client.query(`CREATE DATABASE ${database}`));
  const url = new URL(process.env.POSTGRES_URL!);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    query: <Row>(text: string, values?: unknown[]) =>
      withClient({ ...admin, database }, async (client) => {
        const { rows } = await client.query<Row & pg.QueryResultRow>(text, values);
        return rows;
      }),
    drop: async () => {
      await withClient(admin, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
    },
  };
}
