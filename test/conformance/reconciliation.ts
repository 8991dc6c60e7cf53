import type { DropClaimItem } from '@attendance/common/contract/reconciliation';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest, PlantedClaim } from './owner.ts';

const request_ids = ['conformance'];
const beforeAll = '00000000-0000-0000-0000-000000000000';
const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What the reconciler counts on in every copy. */
export function describeReconciliation(getSubject: () => OwnerUnderTest) {
  let subject: OwnerUnderTest;
  let entity: string;
  /** Claims of other tests have other ages, so that each test has a range of its own. */
  let age = 400_000;

  beforeEach(async () => {
    subject = getSubject();
    entity = (await subject.createEntity()).id;
    age += 100_000;
  });

  const pairOf = (other: string) =>
    subject.owns === 'author' ? { author_id: entity, event_id: other } : { event_id: entity, author_id: other };
  const settled = (younger = 0) => subject.claimId(age - younger);
  const byId = (claims: PlantedClaim[]) => claims.sort((a, b) => (a.claim_id < b.claim_id ? -1 : 1));
  const plant = async (count: number, other = v7()) => {
    const claims = byId(Array.from({ length: count }, (_, i) => ({ claim_id: settled(i), ...pairOf(other) })));
    await subject.plant(claims);
    return claims;
  };
  const allOf = (claims: PlantedClaim[]) => ({ from: claims[0]!.claim_id, to: subject.claimId(age - 50_000) });
  const identify = async () => (await subject.owner.identify([{ request_ids }]))[0]!;

  describe('digestClaims', () => {
    const sumOf = (claims: PlantedClaim[]) =>
      String(
        claims.reduce(
          (sum, { claim_id }) => sum + BigInt.asIntN(64, BigInt(`0x${claim_id.replaceAll('-', '').slice(-16)}`)),
          0n,
        ),
      );
    const digest = (claims: PlantedClaim[], end: string | null = null) => ({
      outcome: 'found',
      count: claims.length,
      sum: sumOf(claims),
      end,
    });

    it('digests ranges, from their first claim to before their last', async () => {
      const claims = await plant(5);
      const { from, to } = allOf(claims);
      const items = [
        { from, to },
        { from: claims[1]!.claim_id, to: claims[3]!.claim_id },
        { from: to, to: from },
      ].map((range) => ({ ...range, claims: 10, request_ids }));
      expect(await subject.owner.digestClaims(items)).to.deep.equal([
        digest(claims),
        digest(claims.slice(1, 3)),
        digest([]),
      ]);
    });

    it('looks at no more claims than it may, and says where it stopped', async () => {
      const claims = await plant(5);
      const items = [2, 4, 5, 6].map((most) => ({ ...allOf(claims), claims: most, request_ids }));
      expect(await subject.owner.digestClaims(items)).to.deep.equal([
        digest(claims.slice(0, 2), claims[2]!.claim_id),
        digest(claims.slice(0, 4), claims[4]!.claim_id),
        digest(claims),
        digest(claims),
      ]);
    });

    it('leaves retired claims out', async () => {
      const claims = await plant(3);
      const mark = { claim_id: settled(7), ...pairOf(v7()), retired: true };
      await subject.plant([mark]);
      const items = [{ ...allOf(byId([mark, ...claims])), claims: 10, request_ids }];
      expect(await subject.owner.digestClaims(items)).to.deep.equal([
        digest(byId(claims.slice()).filter((c) => c !== mark)),
      ]);
    });
  });

  describe('listClaims', () => {
    it('lists ranges in order, each claim with its pair, and leaves retired ones out', async () => {
      const claims = byId([...(await plant(3)), ...(await plant(2))]);
      await subject.plant([{ claim_id: settled(9), ...pairOf(v7()), retired: true }]);
      const range = allOf(claims);
      const items = [
        { ...range, limit: 10 },
        { ...range, limit: 2 },
        { from: range.to, to: range.from, limit: 1 },
      ].map((item) => ({ ...item, request_ids }));
      expect(await subject.owner.listClaims(items)).to.deep.equal([
        { outcome: 'found', claims },
        { outcome: 'found', claims: claims.slice(0, 2) },
        { outcome: 'found', claims: [] },
      ]);
    });
  });

  describe('listSurplus', () => {
    const list = async (claims: number, settled_before = subject.claimId(age - 50_000)) => {
      const pairs: object[] = [];
      for (let after: { event_id: string; author_id: string } | null | undefined; after !== null;) {
        const item = { after: after ?? null, settled_before, claims, request_ids };
        const [page] = await subject.owner.listSurplus([item]);
        expect(page!.pairs.length).to.be.at.most(claims);
        pairs.push(...page!.pairs);
        after = page!.next;
      }
      return pairs.filter((pair) => Object.values(pair).includes(entity));
    };

    it('lists the pairs with more than one settled claim, in order, however small its pages', async () => {
      const others = Array.from({ length: 4 }, () => v7()).sort();
      for (const [i, other] of others.entries()) await plant(i % 2 === 0 ? 3 : 1, other);
      for (const claims of [1, 2, 3, 1000])
        expect(await list(claims)).to.deep.equal([pairOf(others[0]!), pairOf(others[2]!)]);
    });

    it('counts neither retired claims nor those that are not settled', async () => {
      const other = v7();
      const [claim] = await plant(1, other);
      await subject.plant([
        { claim_id: settled(1), ...pairOf(other), retired: true },
        { claim_id: subject.claimId(age - 60_000), ...pairOf(other) },
      ]);
      expect(await list(10)).to.deep.equal([]);
      expect(await list(10, subject.claimId(0))).to.deep.equal([pairOf(other)]);
      expect(await list(10, claim!.claim_id)).to.deep.equal([]);
    });
  });

  describe('readClaims', () => {
    it('reads what is held of a pair, in the database that is meant and in no other', async () => {
      const other = v7();
      const claims = await plant(2, other);
      await subject.plant([{ claim_id: settled(7), ...pairOf(other), retired: true }]);
      const { database } = await identify();
      const unknown = Object.fromEntries(Object.keys(pairOf(other)).map((side) => [side, v7()]));
      const items = [
        { ...pairOf(other), database },
        { ...pairOf(v7()), database },
        { ...pairOf(other), ...unknown, database },
        { ...pairOf(other), database: v7() },
        { ...pairOf(other), ...unknown, database: v7() },
      ].map((item) => ({ ...item, request_ids }));
      expect(await subject.owner.readClaims(items)).to.deep.equal([
        { outcome: 'found', claims: claims.map(({ claim_id }) => claim_id) },
        { outcome: 'found', claims: [] },
        { outcome: 'unknown_owner' },
        { outcome: 'other_database' },
        { outcome: 'other_database' },
      ]);
    });
  });

  describe('dropClaims', () => {
    const drop = async (...claims: (Partial<DropClaimItem> & { claim_id: string })[]) => {
      const { database, peer } = await identify();
      const items = claims.map(({ claim_id, ...more }) => ({ claim_id, database, peer: peer!, request_ids, ...more }));
      return (await subject.owner.dropClaims(items)).map(({ outcome }) => outcome);
    };
    const list = async () => {
      const [all] = await subject.owner.listClaims([{ from: beforeAll, to: afterAll, limit: 1000, request_ids }]);
      return all!.claims.map(({ claim_id }) => claim_id);
    };

    beforeEach(async () => {
      const { database } = await identify();
      await subject.owner.introduce([{ database, peer: v7(), replace: true, request_ids }]);
    });

    it('drops what is there, and that alone', async () => {
      const [a, b, c] = (await plant(3)).map(({ claim_id }) => ({ claim_id }));
      expect(await drop(a!, { claim_id: settled(20) }, c!)).to.deep.equal(['dropped', 'absent', 'dropped']);
      expect(await drop(a!)).to.deep.equal(['absent']);
      expect(await list())
        .to.include(b!.claim_id)
        .and.not.include(a!.claim_id)
        .and.not.include(c!.claim_id);
    });

    it('drops nothing that is not older than the grace period', async () => {
      const [young, old] = [subject.claimId(subject.times.grace - 5_000), subject.claimId(subject.times.grace + 5_000)];
      await subject.plant([young, old].map((claim_id) => ({ claim_id, ...pairOf(v7()) })));
      expect(await drop({ claim_id: young }, { claim_id: old })).to.deep.equal(['too_young', 'dropped']);
      expect(await list()).to.include(young);
    });

    it('drops nothing for the sake of other databases than it knows', async () => {
      const [claim] = await plant(1);
      const { claim_id } = claim!;
      expect(await drop({ claim_id, database: v7() }, { claim_id, peer: v7() })).to.deep.equal([
        'other_database',
        'other_database',
      ]);
      expect(await list()).to.include(claim_id);
    });

    it('leaves marks of retired claims alone', async () => {
      const mark = { claim_id: settled(), ...pairOf(v7()), retired: true };
      await subject.plant([mark]);
      expect(await drop({ claim_id: mark.claim_id })).to.deep.equal(['absent']);
    });
  });
}
