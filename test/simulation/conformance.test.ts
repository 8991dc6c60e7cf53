import { createTimes } from '@attendance/common/times';
import { v7 } from 'uuid';
import { describeOwner } from '../conformance/owner.ts';
import { sampleAuthor, sampleConference, sampleEvent } from './entities.ts';
import type { MemoryCopy } from './owner/copy.ts';
import { createMemoryAuthors, createMemoryConferences } from './owner/memoryOwner.ts';
import { atOnce } from './owner/statements.ts';
import type { PlantedClaim } from '../conformance/owner.ts';

const times = createTimes();

/** A clock that stands still is enough: nothing here waits. */
const clock = () => 1_700_000_000_000;

const common = {
  times,
  claimId: (ageMs: number) => v7({ msecs: clock() - Math.round(ageMs) }),
  close: () => Promise.resolve(),
};

describeOwner('the author service in memory', () => {
  const { copy, operations } = createMemoryAuthors({ clock, times });
  return Promise.resolve({
    ...common,
    owner: atOnce(operations),
    owns: 'author',
    createEntity: () => Promise.resolve(put(copy.entities, sampleAuthor(v7()))),
    deleteEntity: (id) => Promise.resolve(copy.beginDelete(id)?.commit()),
    plant: (claims) => Promise.resolve(plant(copy, claims)),
  });
});

describeOwner('the conference service in memory', () => {
  const { copy, operations } = createMemoryConferences({ clock, times });
  return Promise.resolve({
    ...common,
    owner: atOnce(operations),
    owns: 'event',
    createEntity: () => Promise.resolve(put(copy.entities, sampleEvent(v7(), sampleConference(v7())))),
    deleteEntity: (id) => Promise.resolve(copy.beginDelete(id)?.commit()),
    plant: (claims) => Promise.resolve(plant(copy, claims)),
  });
});

function put<E extends { id: string }>(entities: Map<string, E>, entity: E): E {
  entities.set(entity.id, entity);
  return entity;
}

function plant(copy: MemoryCopy<{ id: string }>, claims: PlantedClaim[]): void {
  for (const { claim_id, retired = false, ...pair } of claims)
    copy.claims.set(claim_id, { claim_id, owned: pair[copy.owned], foreign: pair[copy.foreign], retired });
}
