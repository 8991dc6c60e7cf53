import { equal } from './assert.ts';
import { eachName, type Checks } from './given.ts';

const retired = { outcome: 'retired' };
const expired = { outcome: 'expired' };

/** What the protocol requires of a copy that is asked to retire claims. */
export const retireClaims: Checks = {
  'retires exactly the claims that it is given': async ({ retirement, retire, insertMany, held }) => {
    const claims = await insertMany(3);
    equal(await retire(retirement(claims.slice(0, 2))), [retired]);
    equal(await held(), claims.slice(2));
  },

  'may be repeated': async ({ retirement, retire, insertMany, held }) => {
    const claims = await insertMany(2);
    for (let i = 0; i < 3; i += 1) equal(await retire(retirement(claims)), [retired]);
    equal(await held(), []);
  },

  'keeps a retired claim out, however often it is delivered': async (given) => {
    const { claim, retirement, insert, retire, accepted, held } = given;
    const item = claim();
    await insert(item);
    await retire(retirement([item.claim_id]));
    equal(await insert(item, item), [accepted(), accepted()]);
    equal(await held(), []);
  },

  'keeps a claim out that arrives after its withdrawal': async (given) => {
    const { claim, retirement, insert, retire, accepted, held } = given;
    const late = claim();
    equal(await retire(retirement([late.claim_id])), [retired]);
    equal(await insert(late), [accepted()]);
    equal(await held(), []);
  },

  'takes the same claim in two items, and two retirements of a pair': async (given) => {
    const { retirement, retire, insertMany, held } = given;
    const [a = '', b = '', c = ''] = await insertMany(3);
    const outcomes = await retire(retirement([a, b]), retirement([b, c]), retirement([a]));
    equal(outcomes, [retired, retired, retired]);
    equal(await held(), []);
  },

  'is refused, and retires nothing, if its remove is too old or too far in the future': async (given) => {
    const { times, claimId, retirement, retire, insertMany, held } = given;
    const claims = await insertMany(2);
    const items = [1.1 * times.expiryMs, -3 * times.skewMs - 100].map((age) =>
      retirement(claims, { remove_id: claimId(age) }),
    );
    equal(await retire(...items), [expired, expired]);
    equal(await held(), claims);
    equal(await retire(retirement(claims, { remove_id: claimId(0) })), [retired]);
    equal(await held(), []);
  },

  'answers retired if the entity does not exist': async ({ subject, claimId, pair, retirement, retire }) => {
    equal(await retire(retirement([claimId(0)], pair(subject.newOwnId()))), [retired]);
  },

  'judges each item of a batch by itself': async (given) => {
    const { subject, times, claimId, pair, retirement, retire, insertMany, held } = given;
    const [a = '', b = ''] = await insertMany(2);
    const outcomes = await retire(
      retirement([a], { remove_id: claimId(2 * times.expiryMs) }),
      retirement([claimId(0)], pair(subject.newOwnId())),
      retirement([b]),
    );
    equal(eachName(outcomes), ['expired', 'retired', 'retired']);
    equal(await held(), [a]);
  },
};
