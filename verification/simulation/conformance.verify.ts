import type { Conference } from '@attendance/common/contract/entities';
import { attendance } from '@attendance/common/contract/relation';
import { createTimes } from '@attendance/common/times';
import { atOnce, type MemoryCopy, type PlantedClaim } from 'many-to-many/testing';
import { v7 } from 'uuid';
import { describeCopy } from '../../test/conformance/describeCopy.ts';
import { describeListByConference, type ConferenceSubject } from '../../test/conformance/listByConference.ts';
import { describeReadAttendees, type AuthorSubject } from '../../test/conformance/readAttendees.ts';
import { withId } from '../../test/support/sqlCopies.ts';
import { sampleAuthor, sampleConference, sampleEvent } from './entities.ts';
import { createMemoryAuthors, createMemoryConferences } from './memoryCopies.ts';

const times = createTimes();

/** No test waits, so the clock need not move. */
const clock = () => 1_700_000_000_000;

const sharedOptions = {
  ...{ times, clock },
  newOwnId: () => v7(),
  newOtherId: () => v7(),
  close: () => Promise.resolve(),
};

function makeAuthors(): Promise<AuthorSubject & { close: () => Promise<void> }> {
  const { copy, statements } = createMemoryAuthors({ clock, times });
  return Promise.resolve({
    ...sharedOptions,
    ...deletesOf(copy),
    copy: atOnce(statements),
    side: attendance.right,
    createEntity: () => Promise.resolve(withId(addTo(copy.entities, sampleAuthor(v7())))),
    plant: (claims) => Promise.resolve(plant(copy, claims)),
  });
}

function makeEvents(): Promise<ConferenceSubject & { close: () => Promise<void> }> {
  const { copy, conferences, statements } = createMemoryConferences({ clock, times });
  const createConference = () => addTo(conferences, sampleConference(v7()));
  const createEvent = (conference: Conference) => addTo(copy.entities, sampleEvent(v7(), conference));
  return Promise.resolve({
    ...sharedOptions,
    ...deletesOf(copy),
    copy: atOnce(statements),
    side: attendance.left,
    createEntity: () => Promise.resolve(withId(createEvent(createConference()))),
    createConference: () => Promise.resolve(createConference()),
    createEvent: (conference: Conference) => Promise.resolve(createEvent(conference)),
    plant: (claims) => Promise.resolve(plant(copy, claims)),
  });
}

describeCopy('the author service in memory', makeAuthors, describeReadAttendees);
describeCopy('the conference service in memory', makeEvents, describeListByConference);

function deletesOf(copy: MemoryCopy<{ id: string }>) {
  return {
    deleteEntity: (id: string) => Promise.resolve(copy.beginDelete(id)?.commit()),
    markEntity: (id: string) => Promise.resolve(copy.beginMark(id)?.commit()),
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

function addTo<E extends { id: string }>(entities: Map<string, E>, entity: E): E {
  entities.set(entity.id, entity);
  return entity;
}

function plant(copy: MemoryCopy<{ id: string }>, claims: PlantedClaim[]): void {
  for (const claim of claims) copy.claims.set(claim.claim_id, { retired: false, ...claim });
}
