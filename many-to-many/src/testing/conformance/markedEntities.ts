import { equal } from './assert.ts';
import { eachName, request_ids, type Checks, type Given } from './given.ts';

/** Inserts a claim of the test's pair, and marks its entity as deleted. */
async function mark({ subject, ownId, insertMany }: Given): Promise<void> {
  await insertMany(1);
  await subject.markEntity?.(ownId);
}

const checks: Checks = {
  'do not exist for reads, whether their claims are purged or not': async (given) => {
    const { copy, ownId, held } = given;
    await mark(given);
    equal(await held(), 'entity_not_found');
    equal(await copy.listByOwn([{ id: ownId, limit: 10, after: null, request_ids }]), [
      { outcome: 'entity_not_found' },
    ]);
  },

  'accept no claims, also if the claim is expired or held': async (given) => {
    const { subject, times, ownId, claimId, claim, insert } = given;
    const held = claim();
    await insert(held);
    await subject.markEntity?.(ownId);
    const outcomes = await insert(held, claim(), claim({ claim_id: claimId(2 * times.expiryMs) }));
    equal(eachName(outcomes), ['entity_not_found', 'entity_not_found', 'entity_not_found']);
  },

  'answer retired to a retirement': async (given) => {
    const { claimId, retirement, retire } = given;
    await mark(given);
    equal(await retire(retirement([claimId(0)])), [{ outcome: 'retired' }]);
  },

  'are left out of lists, and a page is filled with those after them': async (given) => {
    const { subject, copy, ownId, entity, otherId, pair, claim, insert, inOwnOrder } = given;
    const entities = [{ id: ownId, entity }];
    while (entities.length < 5) entities.push(await subject.createEntity());
    entities.sort((a, b) => inOwnOrder(a.id, b.id));
    const items = entities.map(({ id }) => claim(pair(id)));
    await insert(...items);
    const kept = [1, 3].flatMap((i) => {
      const [own, item] = [entities[i], items[i]];
      return own && item ? [{ ...own, claims: [item.claim_id] }] : [];
    });
    for (const [i, { id }] of entities.entries()) if (i % 2 === 0) await subject.markEntity?.(id);
    const list = (limit: number, after: string | null = null) => ({ id: otherId, limit, after, request_ids });
    const [first] = kept;
    equal(await copy.listByOther([list(1), list(2), list(5), list(1, first?.id)]), [
      { outcome: 'found', pairs: kept.slice(0, 1), more: true },
      { outcome: 'found', pairs: kept, more: false },
      { outcome: 'found', pairs: kept, more: false },
      { outcome: 'found', pairs: kept.slice(1), more: false },
    ]);
  },

  'are told from those that the database does not know': async (given) => {
    const { subject, copy, ownId, pair, identify } = given;
    await mark(given);
    const { database } = await identify();
    const items = [ownId, subject.newOwnId()].map((id) => ({ ...pair(id), database, request_ids }));
    equal(await copy.readClaims(items), [
      { outcome: 'entity_not_found', marked: true },
      { outcome: 'entity_not_found', marked: false },
    ]);
  },
};

/** What the protocol requires of a copy that marks entities as deleted. Another one has nothing to show. */
export const markedEntities: Checks = Object.fromEntries(
  Object.entries(checks).map(([title, check]) => [
    title,
    (given: Given) => (given.subject.markEntity ? check(given) : Promise.resolve()),
  ]),
);
