import { expect } from 'chai';
import fc from 'fast-check';
import { atOnce, createGateway } from './createGateway.ts';
import { cutPage, cuts, cycle, readPages, twoCopies, visible } from './randomCopies.ts';
import { left, newId, right, sampleCourse, sampleStudent } from './samples.ts';

const ids = Array.from({ length: 12 }, () => newId()).sort();
const plans = fc.record({
  copies: twoCopies(ids),
  limit: fc.integer({ min: 1, max: 13 }),
  rootCuts: cuts,
  leafCuts: cuts,
});

type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

/** Creates a gateway whose copies answer lists by left and by right as planned. */
function createListed({ copies, rootCuts, leafCuts }: Plan) {
  const gateway = createGateway();
  const cutRoot = cycle(rootCuts);
  const cutLeaf = cycle(leafCuts);
  const byRoot = (item: { after: string | null; limit: number }) => {
    const { keys, more } = cutPage(copies.one.keys(), item, cutRoot());
    return { outcome: 'found' as const, pairs: keys.map((id) => ({ id, claims: copies.one.get(id)! })), more };
  };
  const byLeaf = <E>(item: { after: string | null; limit: number }, entity: (id: string) => E) => {
    const { keys, more } = cutPage(copies.other.keys(), item, cutLeaf());
    const pairs = keys.map((id) => ({ id, entity: entity(id), claims: copies.other.get(id)! }));
    return { outcome: 'found' as const, pairs, more };
  };
  gateway.right.listByOwn.reply((item) => ({ ...byRoot(item), entity: right }));
  gateway.left.listByOther.reply((item) => byLeaf(item, sampleCourse));
  gateway.left.listByOwn.reply((item) => ({ ...byRoot(item), entity: left }));
  gateway.right.listByOther.reply((item) => byLeaf(item, sampleStudent));
  return gateway;
}

describe('lists, with random claims and page sizes', () => {
  for (const [name, root] of [
    ['listByLeft', left],
    ['listByRight', right],
  ] as const)
    it(`${name} returns exactly the visible pairs, each once, in order`, () =>
      fc.assert(
        fc.asyncProperty(plans, async (plan) => {
          const gateway = createListed(plan);
          const pages = await readPages(async (after) => {
            const request = { id: root.id, after, limit: plan.limit };
            const listed = await atOnce(gateway, gateway.relation[name](request, 'request-1'));
            if (listed.outcome !== 'found') throw new Error(listed.outcome);
            expect(listed.entity).to.equal(root);
            for (const { id } of listed.items) {
              if (after !== null) expect(id > after).to.equal(true);
              if (listed.next !== null) expect(id <= listed.next).to.equal(true);
            }
            return { items: listed.items.map(({ id }) => id), next: listed.next };
          });
          for (const page of pages) expect(page.length).to.be.at.most(plan.limit);
          expect(pages.flat()).to.deep.equal(visible(plan.copies));
        }),
        { numRuns: 300 },
      ));
});
