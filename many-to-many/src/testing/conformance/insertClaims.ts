import { maxClaimsOfPair } from '../../operations.ts';
import { equal } from './assert.ts';
import { eachName, type Checks } from './given.ts';

/** What the protocol requires of a copy that is asked to insert claims. */
export const insertClaims: Checks = {
  'accepts a claim, and gives the entity and the claims held before': async ({ claim, insert, accepted, held }) => {
    const [first, second] = [claim(), claim()];
    equal(await insert(first), [accepted()]);
    equal(await insert(second), [accepted([first.claim_id])]);
    equal(await held(), [first.claim_id, second.claim_id].sort());
  },

  'may be repeated: the same claim is accepted again and held once': async ({ claim, insert, accepted, held }) => {
    const item = claim();
    await insert(item);
    equal(await insert(item), [accepted()]);
    equal(await insert(item, item), [accepted(), accepted()]);
    equal(await held(), [item.claim_id]);
  },

  'accepts the same claim twice in one batch, and holds it once': async ({ claim, insert, accepted, held }) => {
    const item = claim();
    equal(await insert(item, item), [accepted(), accepted()]);
    equal(await held(), [item.claim_id]);
  },

  'accepts two claims of one pair in one batch': async ({ insertMany, held }) => {
    const claims = await insertMany(2);
    equal(await held(), claims);
  },

  'finds no entity that never existed, and none that was deleted': async ({ subject, pair, claim, insert }) => {
    const other = await subject.createEntity();
    await subject.deleteEntity(other.id);
    const outcomes = await insert(claim(pair(subject.newOwnId())), claim(pair(other.id)));
    equal(outcomes, [{ outcome: 'entity_not_found' }, { outcome: 'entity_not_found' }]);
  },

  'refuses a claim that is too old or too far in the future': async ({ times, claimId, claim, insert, held }) => {
    const { expiryMs, skewMs } = times;
    const items = [1.1 * expiryMs, 1_000 * expiryMs, -3 * skewMs - 100].map((age) => claim({ claim_id: claimId(age) }));
    const outcomes = await insert(...items);
    equal(
      outcomes,
      items.map(() => ({ outcome: 'expired' })),
    );
    equal(await held(), []);
  },

  'accepts a claim that is nearly too old or a little in the future': async ({ times, claimId, claim, insert }) => {
    const items = [0.5 * times.expiryMs, -0.5 * times.skewMs].map((age) => claim({ claim_id: claimId(age) }));
    equal(eachName(await insert(...items)), ['accepted', 'accepted']);
  },

  'answers entity_not_found rather than expired': async ({ subject, times, claimId, pair, claim, insert }) => {
    const item = claim({ ...pair(subject.newOwnId()), claim_id: claimId(2 * times.expiryMs) });
    equal(await insert(item), [{ outcome: 'entity_not_found' }]);
  },

  'answers limit_reached, with the claims, if the pair has as many as it may': async (given) => {
    const { entity, claim, insert, insertMany, held } = given;
    const claims = await insertMany(maxClaimsOfPair);
    equal(await insert(claim()), [{ outcome: 'limit_reached', entity, claims }]);
    equal(await held(), claims);
  },

  'still accepts a claim that is one of them': async ({ claim, insert, insertMany, accepted }) => {
    const [own = '', ...others] = await insertMany(maxClaimsOfPair);
    equal(await insert(claim({ claim_id: own })), [accepted(others)]);
  },

  'still accepts a retired claim, and does not hold it again': async (given) => {
    const { claim, retirement, insert, retire, insertMany, accepted, held } = given;
    const gone = claim();
    await insert(gone);
    await retire(retirement([gone.claim_id]));
    const claims = await insertMany(maxClaimsOfPair);
    equal(await insert(gone), [accepted(claims)]);
    equal(await held(), claims);
  },

  'counts earlier claims of the same batch, and each claim once': async ({ claim, insert, insertMany, held }) => {
    const before = await insertMany(maxClaimsOfPair - 2);
    const [first, second, third] = [claim(), claim(), claim()];
    const outcomes = await insert(first, first, second, third, second, third);
    equal(eachName(outcomes), [...['accepted', 'accepted', 'accepted', 'limit_reached', 'accepted', 'limit_reached']]);
    equal(await held(), [...before, first.claim_id, second.claim_id].sort());
  },

  'counts each pair by itself': async ({ subject, ownId, pair, claim, insert, held }) => {
    const other = pair(ownId, subject.newOtherId());
    const items = Array.from({ length: maxClaimsOfPair + 1 }, (_, i) => claim(i < maxClaimsOfPair ? {} : other));
    const outcomes = await insert(...items);
    equal(
      eachName(outcomes),
      items.map(() => 'accepted'),
    );
    const claims = items.map(({ claim_id }) => claim_id);
    equal(await held(), claims.slice(0, maxClaimsOfPair).sort());
    equal(await held(other), claims.slice(maxClaimsOfPair));
  },

  'has room again once claims are retired': async ({ claim, retirement, insert, retire, insertMany, accepted }) => {
    const claims = await insertMany(maxClaimsOfPair);
    await retire(retirement(claims.slice(0, 1)));
    equal(await insert(claim()), [accepted(claims.slice(1))]);
  },

  'judges each item of a batch by itself': async (given) => {
    const { subject, times, ownId, claimId, pair, claim, insert, accepted, held } = given;
    const [good, better] = [claim(), claim(pair(ownId, subject.newOtherId()))];
    const expired = claim({ claim_id: claimId(2 * times.expiryMs) });
    const outcomes = await insert(expired, good, claim(pair(subject.newOwnId())), better);
    equal(outcomes, [{ outcome: 'expired' }, accepted(), { outcome: 'entity_not_found' }, accepted()]);
    equal(await held(), [good.claim_id]);
  },
};
