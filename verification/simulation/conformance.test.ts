import { createTimes } from '@attendance/common/times';
import { atOnce, type MemoryCopy } from 'many-to-many/testing';
import { v7 } from 'uuid';
import type { Conference } from '@attendance/common/contract/entities';
import { describeListByConference, type EventsUnderTest } from '../../test/conformance/listByConference.ts';
import { describeOwner, type PlantedClaim } from '../../test/conformance/owner.ts';
import { describeReadAttendees, type AuthorsUnderTest } from '../../test/conformance/readAttendees.ts';
import { sampleAuthor, sampleConference, sampleEvent } from './entities.ts';
import { createMemoryAuthors, createMemoryConferences } from './memoryCopies.ts';

const times = createTimes();

/** A clock that stands still is enough: nothing here waits. */
const clock = () => 1_700_000_000_000;

const common = {
  times,
  claimId: (ageMs: number) => v7({ msecs: clock() - Math.round(ageMs) }),
  close: () => Promise.resolve(),
};

function makeAuthors(): Promise<AuthorsUnderTest> {
  const { copy, statements } = createMemoryAuthors({ clock, times });
  return Promise.resolve({
    ...common,
    ...deletesOf(copy),
    owner: atOnce(statements),
    owns: 'author',
    createEntity: () => Promise.resolve(put(copy.entities, sampleAuthor(v7()))),
    plant: (claims) => Promise.resolve(plant(copy, claims)),
  });
}

function makeEvents(): Promise<EventsUnderTest> {
  const { copy, conferences, statements } = createMemoryConferences({ clock, times });
  const createConference = () => put(conferences, sampleConference(v7()));
  const createEvent = (conference: Conference) => put(copy.entities, sampleEvent(v7(), conference));
  return Promise.resolve({
    ...common,
    ...deletesOf(copy),
    owner: atOnce(statements),
    owns: 'event',
    createEntity: () => Promise.resolve(createEvent(createConference())),
    createConference: () => Promise.resolve(createConference()),
    createEvent: (conference: Conference) => Promise.resolve(createEvent(conference)),
    plant: (claims) => Promise.resolve(plant(copy, claims)),
  });
}

describeOwner('the author service in memory', makeAuthors, describeReadAttendees);
describeOwner('the conference service in memory', makeEvents, describeListByConference);

function deletesOf(copy: MemoryCopy<{ id: string }>) {
  return {
    deleteEntity: (id: string) => Promise.resolve(copy.beginDelete(id)?.commit()),
    whileDeleting: async <T>(id: string, work: () => Promise<T>) => {
      const deletion = copy.beginDelete(id)!;
      try {
        return await work();
      } finally {
        deletion.rollback();
      }
    },
  };
}

function put<E extends { id: string }>(entities: Map<string, E>, entity: E): E {
  entities.set(entity.id, entity);
  return entity;
}

function plant(copy: MemoryCopy<{ id: string }>, claims: PlantedClaim[]): void {
  for (const { claim_id, retired = false, event_id, author_id } of claims)
    copy.claims.set(claim_id, { claim_id, left: event_id, right: author_id, retired });
}
