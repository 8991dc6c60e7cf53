import { equal } from './assert.ts';
import { eachName, request_ids, type Checks } from './given.ts';

/** What the protocol requires of a copy while one of its entities is being deleted, and may or may not be. */
export const whileDeleting: Checks = {
  'answers entity_locked and does not hold the claim, and accepts its neighbours': async (given) => {
    const { subject, ownId, pair, claim, insert, held } = given;
    const other = pair((await subject.createEntity()).id);
    const [first, late, third] = [claim(other), claim(), claim(other)];
    const outcomes = await subject.whileDeleting(ownId, () => insert(first, late, third));
    equal(eachName(outcomes), ['accepted', 'entity_locked', 'accepted']);
    equal(await held(), []);
    equal(await held(other), [first.claim_id, third.claim_id].sort());
    equal(eachName(await insert(late)), ['accepted']);
  },

  'answers entity_locked for a claim that it holds already': async ({ subject, ownId, claim, insert, held }) => {
    const item = claim();
    await insert(item);
    equal(eachName(await subject.whileDeleting(ownId, () => insert(item))), ['entity_locked']);
    equal(await held(), [item.claim_id]);
  },

  'answers expired rather than entity_locked': async (given) => {
    const { subject, times, ownId, claimId, claim, retirement, insert, retire } = given;
    const old = () => claimId(2 * times.expiryMs);
    const inserted = await subject.whileDeleting(ownId, () => insert(claim({ claim_id: old() })));
    equal(eachName(inserted), ['expired']);
    const late = retirement([claimId(0)], { remove_id: old() });
    equal(eachName(await subject.whileDeleting(ownId, () => retire(late))), ['expired']);
  },

  'answers entity_locked to a retirement and retires nothing, and retires its neighbours': async (given) => {
    const { subject, ownId, pair, claim, retirement, insert, retire, held } = given;
    const other = pair((await subject.createEntity()).id);
    const [mine, others] = [claim(), claim(other)];
    await insert(mine, others);
    const outcomes = await subject.whileDeleting(ownId, () =>
      retire(retirement([mine.claim_id]), retirement([others.claim_id], other)),
    );
    equal(eachName(outcomes), ['entity_locked', 'retired']);
    equal(await held(), [mine.claim_id]);
    equal(await held(other), []);
  },

  'leaves no tombstone of a claim that has not arrived': async (given) => {
    const { subject, ownId, claim, retirement, insert, retire, held } = given;
    const late = claim();
    const outcomes = await subject.whileDeleting(ownId, () => retire(retirement([late.claim_id])));
    equal(eachName(outcomes), ['entity_locked']);
    await insert(late);
    equal(await held(), [late.claim_id]);
  },

  'answers reads as if nothing were happening': async (given) => {
    const { subject, copy, entity, ownId, otherId, pair, claim, insert } = given;
    const item = claim();
    await insert(item);
    const page = { limit: 10, after: null, request_ids };
    const [pairs, byOwn, byOther] = await subject.whileDeleting(ownId, () =>
      Promise.all([
        copy.readPairs([{ ...pair(), request_ids }]),
        copy.listByOwn([{ id: ownId, ...page }]),
        copy.listByOther([{ id: otherId, ...page }]),
      ]),
    );
    const claims = [item.claim_id];
    equal(pairs, [{ outcome: 'found', entity, claims }]);
    equal(byOwn, [{ outcome: 'found', entity, pairs: [{ id: otherId, claims }], more: false }]);
    equal(byOther, [{ outcome: 'found', pairs: [{ id: ownId, entity, claims }], more: false }]);
  },
};
