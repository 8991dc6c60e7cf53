import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';
import { usePair } from './pair.ts';

const request_ids = ['conformance'];

/** What the protocol counts on when it reads pairs, and lists in both directions. */
export function describeReads(getSubject: () => OwnerUnderTest) {
  describe('readPairs', () => {
    const own = usePair(getSubject);
    const { pair, held, insertMany } = own;
    it('tells the entity and the claims of each pair, in the order asked', async () => {
      const [a] = await insertMany(1);
      const items = [pair(v7()), pair(own.entity.id, v7()), pair(), pair()].map((of) => ({ ...of, request_ids }));
      expect(await getSubject().owner.readPairs(items)).to.deep.equal([
        { outcome: 'unknown_owner' },
        { outcome: 'found', entity: own.entity, claims: [] },
        { outcome: 'found', entity: own.entity, claims: [a] },
        { outcome: 'found', entity: own.entity, claims: [a] },
      ]);
    });

    it('finds nothing of a deleted entity', async () => {
      await insertMany(1);
      await getSubject().deleteEntity(own.entity.id);
      expect(await held()).to.equal('unknown_owner');
    });
  });

  describe('listByOwned', () => {
    const own = usePair(getSubject);
    const { pair, claim, retirement, insert, retire, insertMany } = own;
    const list = (limit: number, after: string | null = null, owned_id = own.entity.id) => ({
      owned_id,
      limit,
      after,
      request_ids,
    });

    it('pages through the foreign ids in order, each with all of its claims', async () => {
      const foreigns = Array.from({ length: 5 }, () => v7()).sort();
      const claims = new Map<string, string[]>();
      for (const id of foreigns) {
        const items = [claim(pair(own.entity.id, id)), claim(pair(own.entity.id, id))];
        await insert(...items.reverse());
        claims.set(id, items.map((item) => item.claim_id).sort());
      }
      const pairs = foreigns.map((id) => ({ id, claims: claims.get(id) }));
      const outcomes = await getSubject().owner.listByOwned([
        list(2),
        list(2, foreigns[1]),
        list(3, foreigns[1]),
        list(2, foreigns[3]),
        list(5),
        list(2, foreigns[4]),
      ]);
      const page = (from: number, to: number, more: boolean) => ({
        outcome: 'found',
        entity: own.entity,
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
      const gone = claim(pair(own.entity.id, v7()));
      await insert(gone);
      await retire(retirement([a!]), retirement([gone.claim_id], pair(own.entity.id, gone[foreignColumn()])));
      expect(await getSubject().owner.listByOwned([list(10)])).to.deep.equal([
        { outcome: 'found', entity: own.entity, pairs: [{ id: own.foreign, claims: [b] }], more: false },
      ]);
    });

    it('tells an entity without pairs from one that is not there', async () => {
      expect(await getSubject().owner.listByOwned([list(10), list(10, null, v7())])).to.deep.equal([
        { outcome: 'found', entity: own.entity, pairs: [], more: false },
        { outcome: 'unknown_owner' },
      ]);
    });

    const foreignColumn = () => (getSubject().owns === 'author' ? 'event_id' : 'author_id');
  });

  describe('listByForeign', () => {
    const own = usePair(getSubject);
    const { pair, claim, retirement, insert, retire, insertMany } = own;
    const list = (limit: number, after: string | null = null, foreign_id = own.foreign) => ({
      foreign_id,
      limit,
      after,
      request_ids,
    });

    it('pages through the owned entities in order, each whole and with all of its claims', async () => {
      const entities = [own.entity];
      while (entities.length < 5) entities.push(await getSubject().createEntity());
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
        await getSubject().owner.listByForeign([list(2), list(2, entities[1]!.id), list(1, entities[3]!.id), list(5)]),
      ).to.deep.equal([page(0, 2, true), page(2, 4, true), page(4, 5, false), page(0, 5, false)]);
    });

    it('knows of no foreign entity whether it exists', async () => {
      expect(await getSubject().owner.listByForeign([list(10, null, v7())])).to.deep.equal([
        { outcome: 'found', pairs: [], more: false },
      ]);
    });

    it('leaves out retired claims and deleted entities', async () => {
      const other = await getSubject().createEntity();
      const [a] = await insertMany(1);
      await insert(claim(pair(other.id)));
      await retire(retirement([a!]));
      await getSubject().deleteEntity(other.id);
      expect(await getSubject().owner.listByForeign([list(10)])).to.deep.equal([
        { outcome: 'found', pairs: [], more: false },
      ]);
    });
  });
}
