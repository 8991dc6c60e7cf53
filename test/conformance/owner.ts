import {
  maxClaimsOfPair,
  type InsertItem,
  type InsertOutcome,
  type Owner,
  type RetireItem,
} from '@attendance/common/contract/claims';
import type { Times } from '@attendance/common/times';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { describeReconciliation } from './reconciliation.ts';
import { describeWhileDeleting } from './whileDeleting.ts';

/** A row as it is put into a copy behind the owner's back, of any age. */
export interface PlantedClaim {
  claim_id: string;
  event_id: string;
  author_id: string;
  retired?: boolean;
}

/** An owner, whatever it is behind its interface, and what a test needs beside it. */
export interface OwnerUnderTest<E extends { id: string } = { id: string }> {
  owner: Owner<E>;
  /** Which side of a pair it owns. */
  owns: 'author' | 'event';
  times: Times;
  createEntity: () => Promise<E>;
  deleteEntity: (id: string) => Promise<void>;
  /** Does some work while a delete of an entity is under way, which then fails. */
  whileDeleting: <T>(id: string, work: () => Promise<T>) => Promise<T>;
  /** A UUIDv7 made so many milliseconds ago by the owner's clock; in the future where negative. */
  claimId: (ageMs: number) => string;
  /** Their owned entities are there. */
  plant: (claims: PlantedClaim[]) => Promise<void>;
  close: () => Promise<void>;
}

const request_ids = ['conformance'];

/**
 * What the protocol counts on in every owner; `makeOwner` is called once.
 * @param describeOwn what it counts on in this kind of owner alone
 */
export function describeOwner<Subject extends OwnerUnderTest>(
  name: string,
  makeOwner: () => Promise<Subject>,
  describeOwn: (getSubject: () => Subject) => void,
) {
  describe(`${name} as an owner of claims`, () => {
    let subject: Subject;
    let entity: { id: string };
    let foreign: string;

    before(async () => {
      subject = await makeOwner();
    });
    after(() => subject.close());
    beforeEach(async () => {
      entity = await subject.createEntity();
      foreign = v7();
    });

    const pair = (owned = entity.id, other = foreign) =>
      subject.owns === 'author' ? { author_id: owned, event_id: other } : { event_id: owned, author_id: other };
    const fresh = () => subject.claimId(0);
    const claim = (more: Partial<InsertItem> = {}): InsertItem => ({
      claim_id: fresh(),
      ...pair(),
      request_ids,
      ...more,
    });
    const retirement = (claim_ids: string[], more: Partial<RetireItem> = {}): RetireItem => ({
      ...pair(),
      claim_ids,
      remove_id: null,
      request_ids,
      ...more,
    });
    const insert = (...items: InsertItem[]) => subject.owner.insertClaims(items);
    const retire = (...items: RetireItem[]) => subject.owner.retireClaims(items);
    const taken = (claims: string[] = []): InsertOutcome<{ id: string }> => ({ outcome: 'taken', entity, claims });
    /** The claims that are held of a pair. */
    const held = async (of = pair()) => {
      const [outcome] = await subject.owner.readPairs([{ ...of, request_ids }]);
      return outcome?.outcome === 'found' ? outcome.claims : outcome?.outcome;
    };
    const insertMany = async (count: number) => {
      const items = Array.from({ length: count }, () => claim());
      expect(await insert(...items)).to.satisfy((all: { outcome: string }[]) =>
        all.every((o) => o.outcome === 'taken'),
      );
      return items.map((item) => item.claim_id).sort();
    };

    describe('insertClaims', () => {
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
        const other = await subject.createEntity();
        await subject.deleteEntity(other.id);
        expect(await insert(claim(pair(v7())), claim(pair(other.id)))).to.deep.equal([
          { outcome: 'unknown_owner' },
          { outcome: 'unknown_owner' },
        ]);
      });

      it('refuses a claim that is too old or too far ahead', async () => {
        const { expiry, skew } = subject.times;
        const items = [1.1 * expiry, 1_000 * expiry, -1.5 * skew - 100].map((age) =>
          claim({ claim_id: subject.claimId(age) }),
        );
        expect(await insert(...items)).to.deep.equal(items.map(() => ({ outcome: 'expired' })));
        expect(await held()).to.deep.equal([]);
      });

      it('takes a claim that is nearly too old or a little ahead', async () => {
        const { expiry, skew } = subject.times;
        const items = [0.5 * expiry, -0.5 * skew].map((age) => claim({ claim_id: subject.claimId(age) }));
        expect((await insert(...items)).map(({ outcome }) => outcome)).to.deep.equal(['taken', 'taken']);
      });

      it('says that the owner is unknown rather than that the claim has expired', async () => {
        const item = claim({ ...pair(v7()), claim_id: subject.claimId(2 * subject.times.expiry) });
        expect(await insert(item)).to.deep.equal([{ outcome: 'unknown_owner' }]);
      });

      it('answers full, with the claims, where the pair has its fill', async () => {
        const claims = await insertMany(maxClaimsOfPair);
        expect(await insert(claim())).to.deep.equal([{ outcome: 'full', entity, claims }]);
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
        const other = pair(entity.id, v7());
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
        const [good, better] = [claim(), claim(pair(entity.id, v7()))];
        const outcomes = await insert(
          claim({ claim_id: subject.claimId(2 * subject.times.expiry) }),
          good,
          claim(pair(v7())),
          better,
        );
        expect(outcomes).to.deep.equal([{ outcome: 'expired' }, taken(), { outcome: 'unknown_owner' }, taken()]);
        expect(await held()).to.deep.equal([good.claim_id]);
      });
    });

    describe('retireClaims', () => {
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
        const { expiry, skew } = subject.times;
        const claims = await insertMany(2);
        const items = [1.1 * expiry, -1.5 * skew - 100].map((age) =>
          retirement(claims, { remove_id: subject.claimId(age) }),
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
        const expired = retirement([a!], { remove_id: subject.claimId(2 * subject.times.expiry) });
        const outcomes = await retire(expired, retirement([fresh()], pair(v7())), retirement([b!]));
        expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(['expired', 'retired', 'retired']);
        expect(await held()).to.deep.equal([a]);
      });
    });

    describe('readPairs', () => {
      it('tells the entity and the claims of each pair, in the order asked', async () => {
        const [a] = await insertMany(1);
        const items = [pair(v7()), pair(entity.id, v7()), pair(), pair()].map((of) => ({ ...of, request_ids }));
        expect(await subject.owner.readPairs(items)).to.deep.equal([
          { outcome: 'unknown_owner' },
          { outcome: 'found', entity, claims: [] },
          { outcome: 'found', entity, claims: [a] },
          { outcome: 'found', entity, claims: [a] },
        ]);
      });

      it('finds nothing of a deleted entity', async () => {
        await insertMany(1);
        await subject.deleteEntity(entity.id);
        expect(await held()).to.equal('unknown_owner');
      });
    });

    describe('listByOwned', () => {
      const list = (limit: number, after: string | null = null, owned_id = entity.id) => ({
        owned_id,
        limit,
        after,
        request_ids,
      });

      it('pages through the foreign ids in order, each with all of its claims', async () => {
        const foreigns = Array.from({ length: 5 }, () => v7()).sort();
        const claims = new Map<string, string[]>();
        for (const id of foreigns) {
          const items = [claim(pair(entity.id, id)), claim(pair(entity.id, id))];
          await insert(...items.reverse());
          claims.set(id, items.map((item) => item.claim_id).sort());
        }
        const pairs = foreigns.map((id) => ({ id, claims: claims.get(id) }));
        const outcomes = await subject.owner.listByOwned([
          list(2),
          list(2, foreigns[1]),
          list(3, foreigns[1]),
          list(2, foreigns[3]),
          list(5),
          list(2, foreigns[4]),
        ]);
        const page = (from: number, to: number, more: boolean) => ({
          outcome: 'found',
          entity,
          pairs: pairs.slice(from, to),
          more,
        });
        expect(outcomes).to.deep.equal([
          ...[page(0, 2, true), page(2, 4, true), page(2, 5, false), page(4, 5, false), page(0, 5, false)],
          page(5, 5, false),
        ]);
      });

      it('leaves retired claims out, and pairs that have no other', async () => {
        const [a, b] = await insertMany(2);
        const gone = claim(pair(entity.id, v7()));
        await insert(gone);
        await retire(retirement([a!]), retirement([gone.claim_id], pair(entity.id, gone[foreignColumn()])));
        expect(await subject.owner.listByOwned([list(10)])).to.deep.equal([
          { outcome: 'found', entity, pairs: [{ id: foreign, claims: [b] }], more: false },
        ]);
      });

      it('tells an entity without pairs from one that is not there', async () => {
        expect(await subject.owner.listByOwned([list(10), list(10, null, v7())])).to.deep.equal([
          { outcome: 'found', entity, pairs: [], more: false },
          { outcome: 'unknown_owner' },
        ]);
      });

      const foreignColumn = () => (subject.owns === 'author' ? 'event_id' : 'author_id');
    });

    describe('listByForeign', () => {
      const list = (limit: number, after: string | null = null, foreign_id = foreign) => ({
        foreign_id,
        limit,
        after,
        request_ids,
      });

      it('pages through the owned entities in order, each whole and with all of its claims', async () => {
        const entities = [entity];
        while (entities.length < 5) entities.push(await subject.createEntity());
        entities.sort((a, b) => (a.id < b.id ? -1 : 1));
        const items = entities.map(({ id }) => claim(pair(id)));
        await insert(...items);
        const extra = claim(pair(entities[1]!.id));
        await insert(extra);
        const pairs = entities.map((owned, i) => ({
          id: owned.id,
          entity: owned,
          claims: (i === 1 ? [items[i]!.claim_id, extra.claim_id] : [items[i]!.claim_id]).sort(),
        }));
        const page = (from: number, to: number, more: boolean) => ({
          outcome: 'found',
          pairs: pairs.slice(from, to),
          more,
        });
        expect(
          await subject.owner.listByForeign([list(2), list(2, entities[1]!.id), list(1, entities[3]!.id), list(5)]),
        ).to.deep.equal([page(0, 2, true), page(2, 4, true), page(4, 5, false), page(0, 5, false)]);
      });

      it('knows of no foreign entity whether it exists', async () => {
        expect(await subject.owner.listByForeign([list(10, null, v7())])).to.deep.equal([
          { outcome: 'found', pairs: [], more: false },
        ]);
      });

      it('leaves out retired claims and deleted entities', async () => {
        const other = await subject.createEntity();
        const [a] = await insertMany(1);
        await insert(claim(pair(other.id)));
        await retire(retirement([a!]));
        await subject.deleteEntity(other.id);
        expect(await subject.owner.listByForeign([list(10)])).to.deep.equal([
          { outcome: 'found', pairs: [], more: false },
        ]);
      });
    });

    describeWhileDeleting(() => subject);
    describeReconciliation(() => subject);
    describeOwn(() => subject);
  });
}
