import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';
import { usePair } from './pair.ts';

/** What the protocol counts on when an owner retires claims. */
export function describeRetireClaims(getSubject: () => OwnerUnderTest) {
  describe('retireClaims', () => {
    const { pair, fresh, claim, retirement, insert, retire, taken, held, insertMany } = usePair(getSubject);

    it('retires exactly the claims it is given', async () => {
      const claims = await insertMany(3);
      expect(await retire(retirement(claims.slice(0, 2)))).to.deep.equal([{ outcome: 'retired' }]);
      expect(await held()).to.deep.equal(claims.slice(2));
    });

    it('may be repeated', async () => {
      const claims = await insertMany(2);
      for (let i = 0; i < 3; i += 1) expect(await retire(retirement(claims))).to.deep.equal([{ outcome: 'retired' }]);
      expect(await held()).to.deep.equal([]);
    });

    it('keeps a retired claim out, however often it is delivered', async () => {
      const item = claim();
      await insert(item);
      await retire(retirement([item.claim_id]));
      expect(await insert(item, item)).to.deep.equal([taken(), taken()]);
      expect(await held()).to.deep.equal([]);
    });

    it('keeps a claim out that arrives after its withdrawal', async () => {
      const late = claim();
      expect(await retire(retirement([late.claim_id]))).to.deep.equal([{ outcome: 'retired' }]);
      expect(await insert(late)).to.deep.equal([taken()]);
      expect(await held()).to.deep.equal([]);
    });

    it('takes the same claim in two items, and two retirements of a pair', async () => {
      const [a, b, c] = await insertMany(3);
      const outcomes = await retire(retirement([a!, b!]), retirement([b!, c!]), retirement([a!]));
      expect(outcomes).to.deep.equal(outcomes.map(() => ({ outcome: 'retired' })));
      expect(await held()).to.deep.equal([]);
    });

    it('is refused where its remove is too old or too far ahead, and then retires nothing', async () => {
      const { expiry, skew } = getSubject().times;
      const claims = await insertMany(2);
      const items = [1.1 * expiry, -1.5 * skew - 100].map((age) =>
        retirement(claims, { remove_id: getSubject().claimId(age) }),
      );
      expect(await retire(...items)).to.deep.equal([{ outcome: 'expired' }, { outcome: 'expired' }]);
      expect(await held()).to.deep.equal(claims);
      expect(await retire(retirement(claims, { remove_id: fresh() }))).to.deep.equal([{ outcome: 'retired' }]);
      expect(await held()).to.deep.equal([]);
    });

    it('counts as done where the owner is gone', async () => {
      expect(await retire(retirement([fresh()], pair(v7())))).to.deep.equal([{ outcome: 'retired' }]);
    });

    it('judges each item of a batch by itself', async () => {
      const [a, b] = await insertMany(2);
      const expired = retirement([a!], { remove_id: getSubject().claimId(2 * getSubject().times.expiry) });
      const outcomes = await retire(expired, retirement([fresh()], pair(v7())), retirement([b!]));
      expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(['expired', 'retired', 'retired']);
      expect(await held()).to.deep.equal([a]);
    });
  });
}
