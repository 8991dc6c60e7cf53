import type { Conference, Event } from '@attendance/common/contract/entities';
import { attendance } from '@attendance/common/contract/relation';
import { createPool } from '@attendance/common/database/pool';
import { createTimes } from '@attendance/common/times';
import { createAuthorCopy } from '@attendance/author-service/service';
import { createAuthorStore } from '@attendance/author-service/store/authors';
import { createConferenceCopy } from '@attendance/conference-service/service';
import { createConferenceStore } from '@attendance/conference-service/store/conferences';
import { createEventStore } from '@attendance/conference-service/store/events';
import type { Migrations } from '@attendance/common/database/migrate';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { overPool, type Query } from 'many-to-many/copy';
import { v7 } from 'uuid';
import type { AuthorSubject } from '../conformance/readAttendees.ts';
import type { ConferenceSubject } from '../conformance/listByConference.ts';
import { plantClaims, whileDeleting } from './claims.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabase } from './postgres.ts';

/** A copy without its service: its SQL functions on a database of its own. */
export interface SqlCopy {
  query: Query;
  settings: TestDatabase;
  close: () => Promise<void>;
}

const times = createTimes();

const sharedOptions = { times, clock: () => Date.now(), newOwnId: () => v7(), newOtherId: () => v7() };

export async function makeAuthorCopy(): Promise<AuthorSubject & SqlCopy> {
  const database = await connect('author', authorMigrations);
  const { query, settings } = database;
  // deleted without a mark, as an older version does
  const authors = createAuthorStore(query);
  return {
    ...sharedOptions,
    ...database,
    copy: createAuthorCopy(query, times),
    side: attendance.right,
    createEntity: async () => withId(await authors.create({ full_name: 'Ada Lovelace' })),
    deleteEntity: async (id) => {
      await query({ text: 'DELETE FROM authors WHERE id = $1', values: [id] });
    },
    markEntity: async (id) => {
      await authors.delete(id);
    },
    whileDeleting: (id, work) => whileDeleting(settings.serviceRole, 'author', id, work),
    plant: (claims) => plantClaims(settings.serviceRole, 'author', claims.map(toRow)),
  };
}

export async function makeConferenceCopy(): Promise<ConferenceSubject & SqlCopy> {
  const database = await connect('conference', conferenceMigrations);
  const { query, settings } = database;
  const conferences = createConferenceStore(query);
  const events = createEventStore(query);
  const createConference = () => conferences.create({ acronym: 'SWAT' });
  let seq = 0;
  const createEvent = async ({ id }: Conference) =>
    (await events.create({ conference_id: id, seq: (seq += 1) })) as Event;
  const conference = await createConference();
  return {
    ...sharedOptions,
    ...database,
    copy: createConferenceCopy(query, times),
    side: attendance.left,
    createEntity: async () => withId(await createEvent(conference)),
    ...{ createConference, createEvent },
    deleteEntity: async (id) => {
      await query({ text: 'DELETE FROM events WHERE id = $1', values: [id] });
    },
    markEntity: async (id) => {
      await events.delete(id);
    },
    whileDeleting: (id, work) => whileDeleting(settings.serviceRole, 'event', id, work),
    plant: (claims) => plantClaims(settings.serviceRole, 'event', claims.map(toRow)),
  };
}

async function connect(kind: string, migrations: Migrations): Promise<SqlCopy> {
  const settings = await createTestDatabase(kind, migrations);
  const pool = createPool({ ...settings.serviceRole, poolMax: 8, applicationName: 'test' }, times);
  const close = async () => {
    await pool.end();
    await dropTestDatabase(settings);
  };
  return { query: overPool(pool), settings, close };
}

/** Presents an entity as the conformance tests expect it. */
export const withId = <Entity extends { id: string }>(entity: Entity) => ({ id: entity.id, entity });

/** Converts a claim of the relation to a row of the table attendance. */
export const toRow = <Claim extends { left: string; right: string }>({ left, right, ...claim }: Claim) => ({
  ...claim,
  event_id: left,
  author_id: right,
});
