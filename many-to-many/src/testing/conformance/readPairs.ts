import { equal } from './assert.ts';
import { request_ids, type Checks } from './given.ts';

/** What reads require of a copy. */
export const readPairs: Checks = {
  'gives the entity and the claims of each pair, in the order asked': async (given) => {
    const { subject, copy, entity, ownId, pair, insertMany } = given;
    const claims = await insertMany(1);
    const pairs = [pair(subject.newOwnId()), pair(ownId, subject.newOtherId()), pair(), pair()];
    equal(await copy.readPairs(pairs.map((of) => ({ ...of, request_ids }))), [
      { outcome: 'entity_not_found' },
      { outcome: 'found', entity, claims: [] },
      { outcome: 'found', entity, claims },
      { outcome: 'found', entity, claims },
    ]);
  },

  'finds no deleted entity': async ({ subject, ownId, insertMany, held }) => {
    await insertMany(1);
    await subject.deleteEntity(ownId);
    equal(await held(), 'entity_not_found');
  },
};
