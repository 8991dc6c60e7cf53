import { expect } from 'chai';
import { v7 } from 'uuid';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { horizon } from '../../src/protocol/list.ts';
import { sampleAuthor, sampleEvent } from './samples.ts';
import { atOnce, createWorld, times, type World } from './world.ts';

const outcomes = ['found', 'unknown_owner', 'not_executed', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

const failures = { not_executed: new NotExecuted('refused'), unknown: new Error('garbled') };

function expected(root: Outcome, leaf: Outcome): string {
  if (root === 'unknown_owner') return 'missing';
  return root === 'found' && leaf === 'found' ? 'found' : 'not_executed';
}

/** Author and event in one, so that it fits either side; no list looks into it. */
const anEntity = (id = v7()) => ({ ...sampleAuthor(id), ...sampleEvent(id) });

/** The two lists mirror each other: who owns the root, who owns what is listed, and what they are asked. */
const lists = [
  {
    name: 'list by event',
    root: ({ conference }: World) => conference,
    leaf: ({ author }: World) => author,
    list: ({ protocol }: World) => protocol.listByEvent,
  },
  {
    name: 'list by author',
    root: ({ author }: World) => author,
    leaf: ({ conference }: World) => conference,
    list: ({ protocol }: World) => protocol.listByAuthor,
  },
] as const;

for (const { name, ...sides } of lists)
  describe(name, () => {
    const entity = anEntity();
    const page = { id: entity.id, after: v7(), limit: 7 };

    function createListed(world = createWorld()) {
      const root = sides.root(world);
      const leaf = sides.leaf(world);
      return { world, root, leaf, ask: () => sides.list(world)(page, 'request-1') };
    }

    for (const byRoot of outcomes)
      for (const byLeaf of ['found', 'not_executed', 'unknown'] as const)
        it(`root's owner: ${byRoot}, the other: ${byLeaf}`, async () => {
          const { world, root, leaf, ask } = createListed();
          if (byRoot === 'found')
            root.listByOwned.reply(() => ({
              outcome: 'found',
              entity: entity,
              pairs: [],
              more: false,
            }));
          else root.listByOwned.reply(byRoot === 'unknown_owner' ? () => ({ outcome: byRoot }) : failures[byRoot]);
          leaf.listByForeign.reply(
            byLeaf === 'found' ? () => ({ outcome: 'found', pairs: [], more: false }) : failures[byLeaf],
          );
          expect((await atOnce(world, ask())).outcome).to.equal(expected(byRoot, byLeaf));
        });

    it('asks both owners at once for the page, and gives up at the deadline', async () => {
      const { world, root, leaf, ask } = createListed();
      const listed = ask();
      await world.clock.settle();
      const asked = { after: page.after, limit: 7, request_ids: ['request-1'] };
      expect(root.listByOwned.calls.map(({ items }) => items)).to.deep.equal([[{ owned_id: entity.id, ...asked }]]);
      expect(leaf.listByForeign.calls.map(({ items }) => items)).to.deep.equal([[{ foreign_id: entity.id, ...asked }]]);
      await world.clock.advance(times.downstream);
      expect((await atOnce(world, listed)).outcome).to.equal('not_executed');
    });

    it('tells the root and what shares a claim up to the horizon, and goes on from there', async () => {
      const { world, root, leaf, ask } = createListed();
      const [a, b, c, d] = [v7(), v7(), v7(), v7()].sort() as [string, string, string, string];
      const claims = [v7()];
      root.listByOwned.reply(() => ({
        outcome: 'found',
        entity: entity,
        pairs: [a, b, c].map((id) => ({ id, claims: id === b ? [v7()] : [v7(), ...claims] })),
        more: true,
      }));
      const others = [a, b, c, d].map((id) => ({ id, entity: anEntity(id), claims }));
      leaf.listByForeign.reply(() => ({ outcome: 'found', pairs: others, more: false }));
      const items = [others[0]!.entity, others[2]!.entity];
      expect(await atOnce(world, ask())).to.deep.equal({ outcome: 'found', entity, items, next: c });
    });

    it('may tell an empty page that still has a next one', async () => {
      const { world, root, leaf, ask } = createListed();
      const [a, b] = [v7(), v7()].sort() as [string, string];
      root.listByOwned.reply(() => ({
        outcome: 'found',
        entity: entity,
        pairs: [{ id: a, claims: [v7()] }],
        more: true,
      }));
      leaf.listByForeign.reply(() => ({
        outcome: 'found',
        pairs: [{ id: b, entity: anEntity(b), claims: [v7()] }],
        more: true,
      }));
      expect(await atOnce(world, ask())).to.deep.equal({ outcome: 'found', entity, items: [], next: a });
    });
  });

describe('horizon', () => {
  const page = (ids: string[], more: boolean) => ({ pairs: ids.map((id) => ({ id })), more });

  it('is the smaller last key of the pages that have more, null where none has', () => {
    expect(horizon(page(['a', 'd'], true), page(['b', 'c'], true))).to.equal('c');
    expect(horizon(page(['a', 'd'], true), page(['b', 'c'], false))).to.equal('d');
    expect(horizon(page(['a'], false), page(['b', 'c'], true))).to.equal('c');
    expect(horizon(page(['a'], false), page([], false))).to.equal(null);
  });
});
