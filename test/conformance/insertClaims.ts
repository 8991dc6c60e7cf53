import { maxClaimsOfPair } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';
import { usePair } from './pair.ts';

/** What the protocol counts on when an owner takes claims, or does not. */
export function describeInsertClaims(getSubject: () => OwnerUnderTest) {
  describe('insertClaims', () => {
    const own = usePair(getSubject);
    const { pair, claim, retirement, insert, retire, taken, held, insertMany } = own;

    it('takes a claim, and answers with the entity and the claims held before', async () => {
      const first = claim();
      const second = claim();
      expect(await insert(first)).to.deep.equal([taken()]);
      expect(await insert(second)).to.deep.equal([taken([first.claim_id])]);
      expect(await held()).to.deep.equal([first.claim_id, second.claim_id].sort());
    });

    it('may be repeated: the same claim is taken again and held once', async () => {
      const item = claim();
      await insert(item);
      expect(await insert(item)).to.deep.equal([taken()]);
      expect(await insert(item, item)).to.deep.equal([taken(), taken()]);
      expect(await held()).to.deep.equal([item.claim_id]);
    });

    it('takes the same claim twice in one batch, and holds it once', async () => {
      const item = claim();
      expect(await insert(item, item)).to.deep.equal([taken(), taken()]);
      expect(await held()).to.deep.equal([item.claim_id]);
    });

    it('takes two claims of one pair in one batch', async () => {
      const claims = await insertMany(2);
      expect(await held()).to.deep.equal(claims);
    });

    it('knows no owner that never was, and none that was deleted', async () => {
      const other = await getSubject().createEntity();
      await getSubject().deleteEntity(other.id);
      expect(await insert(claim(pair(v7())), claim(pair(other.id)))).to.deep.equal([
        { outcome: 'unknown_owner' },
        { outcome: 'unknown_owner' },
      ]);
    });

    it('refuses a claim that is too old or too far ahead', async () => {
      const { expiry, skew } = getSubject().times;
      const items = [1.1 * expiry, 1_000 * expiry, -1.5 * skew - 100].map((age) =>
        claim({ claim_id: getSubject().claimId(age) }),
      );
      expect(await insert(...items)).to.deep.equal(items.map(() => ({ outcome: 'expired' })));
      expect(await held()).to.deep.equal([]);
    });

    it('takes a claim that is nearly too old or a little ahead', async () => {
      const { expiry, skew } = getSubject().times;
      const items = [0.5 * expiry, -0.5 * skew].map((age) => claim({ claim_id: getSubject().claimId(age) }));
      expect((await insert(...items)).map(({ outcome }) => outcome)).to.deep.equal(['taken', 'taken']);
    });

    it('says that the owner is unknown rather than that the claim has expired', async () => {
      const item = claim({ ...pair(v7()), claim_id: getSubject().claimId(2 * getSubject().times.expiry) });
      expect(await insert(item)).to.deep.equal([{ outcome: 'unknown_owner' }]);
    });

    it('answers full, with the claims, where the pair has its fill', async () => {
      const claims = await insertMany(maxClaimsOfPair);
      expect(await insert(claim())).to.deep.equal([{ outcome: 'full', entity: own.entity, claims }]);
      expect(await held()).to.deep.equal(claims);
    });

    it('still takes a claim that is one of the many', async () => {
      const [own, ...others] = await insertMany(maxClaimsOfPair);
      expect(await insert(claim({ claim_id: own! }))).to.deep.equal([taken(others)]);
    });

    it('takes a retired claim even so: it was there, and is not held again', async () => {
      const gone = claim();
      await insert(gone);
      await retire(retirement([gone.claim_id]));
      const claims = await insertMany(maxClaimsOfPair);
      expect(await insert(gone)).to.deep.equal([taken(claims)]);
      expect(await held()).to.deep.equal(claims);
    });

    it('counts earlier claims of the same batch, and each claim once', async () => {
      await insertMany(maxClaimsOfPair - 2);
      const [first, second, third] = [claim(), claim(), claim()];
      const outcomes = await insert(first, first, second, third, second, third);
      expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal([
        ...['taken', 'taken', 'taken', 'full', 'taken', 'full'],
      ]);
      expect(await held())
        .to.include.members([first.claim_id, second.claim_id])
        .and.have.length(maxClaimsOfPair);
    });

    it('counts each pair by itself', async () => {
      const other = pair(own.entity.id, v7());
      const items = Array.from({ length: maxClaimsOfPair + 1 }, (_, i) => claim(i < maxClaimsOfPair ? {} : other));
      expect((await insert(...items)).map(({ outcome }) => outcome)).to.deep.equal(items.map(() => 'taken'));
      expect(await held()).to.have.length(maxClaimsOfPair);
      expect(await held(other)).to.have.length(1);
    });

    it('has room again once claims are retired', async () => {
      const claims = await insertMany(maxClaimsOfPair);
      await retire(retirement(claims.slice(0, 1)));
      expect(await insert(claim())).to.deep.equal([taken(claims.slice(1))]);
    });

    it('judges each item of a batch by itself', async () => {
      const [good, better] = [claim(), claim(pair(own.entity.id, v7()))];
      const outcomes = await insert(
        claim({ claim_id: getSubject().claimId(2 * getSubject().times.expiry) }),
        good,
        claim(pair(v7())),
        better,
      );
      expect(outcomes).to.deep.equal([{ outcome: 'expired' }, taken(), { outcome: 'unknown_owner' }, taken()]);
      expect(await held()).to.deep.equal([good.claim_id]);
    });
  });
}
