import { expect } from 'chai';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { cutPage, cuts, cycle, twoCopies, visible, walk } from './copies.ts';
import { author, event, sampleAuthor, sampleEvent } from './samples.ts';
import { atOnce, createWorld } from './world.ts';

const ids = Array.from({ length: 12 }, () => v7()).sort();
const plans = fc.record({
  copies: twoCopies(ids),
  limit: fc.integer({ min: 1, max: 13 }),
  rootCuts: cuts,
  leafCuts: cuts,
});

type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

/** Scripts both owners of a plan's copies, for either direction. */
function createListed({ copies, rootCuts, leafCuts }: Plan) {
  const world = createWorld();
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
  world.conference.listByOwned.reply((item) => ({ ...byRoot(item), entity: event }));
  world.author.listByForeign.reply((item) => byLeaf(item, sampleAuthor));
  world.author.listByOwned.reply((item) => ({ ...byRoot(item), entity: author }));
  world.conference.listByForeign.reply((item) => byLeaf(item, sampleEvent));
  return world;
}

describe('lists, over random claims in the two copies and any page size', () => {
  for (const [name, root] of [
    ['listByEvent', event],
    ['listByAuthor', author],
  ] as const)
    it(`${name}: all pages together tell each visible pair once, in order, and no other`, () =>
      fc.assert(
        fc.asyncProperty(plans, async (plan) => {
          const world = createListed(plan);
          const pages = await walk(async (after) => {
            const request = { id: root.id, after, limit: plan.limit };
            const listed = await atOnce(world, world.protocol[name](request, 'request-1'));
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
