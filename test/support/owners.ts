import type { AuthorOwner, ConferenceOwner } from '@attendance/common/contract/claims';
import type { Author, Conference, Event } from '@attendance/common/contract/entities';
import { createDatabase } from '@attendance/common/database/connect';
import { createTimes } from '@attendance/common/times';
import { createAuthorStore } from '@attendance/author-service/store/authors';
import { createAuthorOwner } from '@attendance/author-service/store/owner';
import { createConferenceStore } from '@attendance/conference-service/store/conferences';
import { createEventStore } from '@attendance/conference-service/store/events';
import { createConferenceOwner } from '@attendance/conference-service/store/owner';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import type { Knex } from 'knex';
import { v7 } from 'uuid';
import type { EventsUnderTest } from '../conformance/listByConference.ts';
import type { OwnerUnderTest } from '../conformance/owner.ts';
import { plantClaims, whileDeleting } from './claims.ts';
import { createTestDatabase, dropTestDatabase, type TestDatabase } from './postgres.ts';

/** An owner without its service: its SQL on a database of its own. */
export interface SqlOwner<E extends { id: string }, O> extends OwnerUnderTest<E> {
  owner: O & OwnerUnderTest<E>['owner'];
  database: Knex;
  settings: TestDatabase;
}

const times = createTimes();
const claimId = (ageMs: number) => v7({ msecs: Date.now() - Math.round(ageMs) });

export async function makeAuthorOwner({ poolMax = 8 } = {}): Promise<SqlOwner<Author, AuthorOwner>> {
  const settings = await createTestDatabase('author', authorMigrations);
  const database = createDatabase({ ...settings.service, poolMax, applicationName: 'test' }, times);
  const authors = createAuthorStore(database);
  return {
    owner: createAuthorOwner(database, times),
    owns: 'author',
    ...{ times, claimId, database, settings },
    createEntity: () => authors.create({ full_name: 'Ada Lovelace' }),
    deleteEntity: async (id) => {
      await authors.delete(id);
    },
    whileDeleting: (id, work) => whileDeleting(settings.service, 'author', id, work),
    plant: (claims) => plantClaims(settings.service, 'author', claims),
    close: () => database.destroy().then(() => dropTestDatabase(settings)),
  };
}

export async function makeEventOwner({ poolMax = 8 } = {}): Promise<
  SqlOwner<Event, ConferenceOwner> & EventsUnderTest
> {
  const settings = await createTestDatabase('conference', conferenceMigrations);
  const database = createDatabase({ ...settings.service, poolMax, applicationName: 'test' }, times);
  const conferences = createConferenceStore(database);
  const createConference = () => conferences.create({ acronym: 'SWAT' });
  const events = createEventStore(database);
  let seq = 0;
  const createEvent = async ({ id }: Conference) =>
    (await events.create({ conference_id: id, seq: (seq += 1) })) as Event;
  const conference = await createConference();
  return {
    owner: createConferenceOwner(database, times),
    owns: 'event',
    ...{ times, claimId, database, settings },
    createEntity: () => createEvent(conference),
    ...{ createConference, createEvent },
    deleteEntity: async (id) => {
      await events.delete(id);
    },
    whileDeleting: (id, work) => whileDeleting(settings.service, 'event', id, work),
    plant: (claims) => plantClaims(settings.service, 'event', claims),
    close: () => database.destroy().then(() => dropTestDatabase(settings)),
  };
}
