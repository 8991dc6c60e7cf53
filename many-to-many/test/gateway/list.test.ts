import { expect } from 'chai';
import { NotExecuted } from '../../src/outcome.ts';
import { horizon } from '../../src/gateway/list.ts';
import { ids } from '../../src/ids.ts';
import { atOnce, createGateway, times, type Gateway } from './createGateway.ts';
import { newId, sampleCourse, sampleStudent } from './samples.ts';

const outcomes = ['found', 'entity_not_found', 'not_executed', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

const failures = { not_executed: new NotExecuted('refused'), unknown: new Error('garbled') };

function expected(root: Outcome, leaf: Outcome): string {
  if (root === 'entity_not_found') return root;
  return root === 'found' && leaf === 'found' ? 'found' : 'not_executed';
}

/** Creates an entity that is both a course and a student. */
const newEntity = (id = newId()) => ({ ...sampleCourse(id), ...sampleStudent(id) });

/** Both lists, each with the copy on the side of the root and the copy of the listed entities. */
const lists = [
  {
    name: 'list by left',
    root: ({ left }: Gateway) => left,
    leaf: ({ right }: Gateway) => right,
    list: ({ relation }: Gateway) => relation.listByLeft,
  },
  {
    name: 'list by right',
    root: ({ right }: Gateway) => right,
    leaf: ({ left }: Gateway) => left,
    list: ({ relation }: Gateway) => relation.listByRight,
  },
] as const;

for (const { name, ...sides } of lists)
  describe(name, () => {
    const entity = newEntity();
    const page = { id: entity.id, after: newId(), limit: 7 };

    function createListed(gateway = createGateway()) {
      const root = sides.root(gateway);
      const leaf = sides.leaf(gateway);
      return { gateway, root, leaf, ask: () => sides.list(gateway)(page, 'request-1') };
    }

    for (const byRoot of outcomes)
      for (const byLeaf of ['found', 'not_executed', 'unknown'] as const)
        it(`copy of the root: ${byRoot}, other copy: ${byLeaf}`, async () => {
          const { gateway, root, leaf, ask } = createListed();
          if (byRoot === 'found')
            root.listByOwn.reply(() => ({
              outcome: 'found' as const,
              entity,
              pairs: [],
              more: false,
            }));
          else root.listByOwn.reply(byRoot === 'entity_not_found' ? () => ({ outcome: byRoot }) : failures[byRoot]);
          leaf.listByOther.reply(
            byLeaf === 'found' ? () => ({ outcome: 'found' as const, pairs: [], more: false }) : failures[byLeaf],
          );
          expect((await atOnce(gateway, ask())).outcome).to.equal(expected(byRoot, byLeaf));
        });

    it('calls both copies in parallel, and is not executed at the deadline', async () => {
      const { gateway, root, leaf, ask } = createListed();
      const listed = ask();
      await gateway.clock.runTurns();
      const expectedItem = { after: page.after, limit: 7, request_ids: ['request-1'] };
      expect(root.listByOwn.calls.map(({ items }) => items)).to.deep.equal([[{ id: entity.id, ...expectedItem }]]);
      expect(leaf.listByOther.calls.map(({ items }) => items)).to.deep.equal([[{ id: entity.id, ...expectedItem }]]);
      await gateway.clock.advance(times.callMs);
      expect((await atOnce(gateway, listed)).outcome).to.equal('not_executed');
    });

    it('returns the entities with a common claim up to the horizon, which is the cursor', async () => {
      const { gateway, root, leaf, ask } = createListed();
      const [a, b, c, d] = [newId(), newId(), newId(), newId()].sort() as [string, string, string, string];
      const claims = [newId()];
      root.listByOwn.reply(() => ({
        outcome: 'found' as const,
        entity,
        pairs: [a, b, c].map((id) => ({ id, claims: id === b ? [newId()] : [newId(), ...claims] })),
        more: true,
      }));
      const others = [a, b, c, d].map((id) => ({ id, entity: newEntity(id), claims }));
      leaf.listByOther.reply(() => ({ outcome: 'found' as const, pairs: others, more: false }));
      const items = [others[0]!.entity, others[2]!.entity];
      expect(await atOnce(gateway, ask())).to.deep.equal({ outcome: 'found', entity, items, next: c });
    });

    it('may return an empty page with a next one', async () => {
      const { gateway, root, leaf, ask } = createListed();
      const [a, b] = [newId(), newId()].sort() as [string, string];
      root.listByOwn.reply(() => ({
        outcome: 'found' as const,
        entity,
        pairs: [{ id: a, claims: [newId()] }],
        more: true,
      }));
      leaf.listByOther.reply(() => ({
        outcome: 'found' as const,
        pairs: [{ id: b, entity: newEntity(b), claims: [newId()] }],
        more: true,
      }));
      expect(await atOnce(gateway, ask())).to.deep.equal({ outcome: 'found', entity, items: [], next: a });
    });
  });

describe('horizon', () => {
  const page = (ids: string[], more: boolean) => ({ pairs: ids.map((id) => ({ id })), more });
  const { compare } = ids.text;

  it('is the smallest last key of the pages that are not the last, or null', () => {
    expect(horizon([page(['a', 'd'], true), page(['b', 'c'], true)], compare)).to.equal('c');
    expect(horizon([page(['a', 'd'], true), page(['b', 'c'], false)], compare)).to.equal('d');
    expect(horizon([page(['a'], false), page(['b', 'c'], true)], compare)).to.equal('c');
    expect(horizon([page(['a'], false), page([], false)], compare)).to.equal(null);
  });

  it('uses the order of ids, not of their text', () => {
    expect(horizon([page(['10'], true), page(['9'], true)], ids.bigint.compare)).to.equal('9');
  });
});
