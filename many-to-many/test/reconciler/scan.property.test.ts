import { expect } from 'chai';
import fc from 'fast-check';
import type { SideName } from '../../src/relation.ts';
import { createCopies, sides, times } from './createCopies.ts';

const holders = ['both', 'right', 'left', 'retired in right', 'retired in left'] as const;

const claim = fc.record({
  left: fc.nat(2),
  right: fc.nat(2),
  /** Milliseconds, often close to the grace period. */
  age: fc.oneof(
    fc.integer({ min: times.graceMs - 20, max: times.graceMs + 40 }),
    fc.integer({ min: 0, max: 3 * times.graceMs }),
  ),
  in: fc.oneof(fc.constant(holders[0]), fc.constantFrom(...holders)),
});

const relation = fc.record({
  claims: fc.array(claim, { maxLength: 60 }),
  slice: fc.integer({ min: 1, max: 20 }),
  list: fc.integer({ min: 1, max: 6 }),
  reconcilers: fc.integer({ min: 1, max: 3 }),
});

const other = { left: 'right', right: 'left' } as const;
const holds = (side: SideName, place: (typeof holders)[number]) =>
  place === 'both' || place === side || place === `retired in ${other[side]}`;

describe('concurrent scans', () => {
  it('keep exactly the smallest common claim of each pair, and all claims that are not stable', () =>
    fc.assert(
      fc.asyncProperty(relation, async ({ claims, slice, list, reconcilers }) => {
        const setup = createCopies({ slice, list, lefts: 3, rights: 3 });
        const rows = claims.map(({ left, right, age, in: place }) => {
          const pair = { left: setup.ids.left[left]!, right: setup.ids.right[right]! };
          const id = setup.claimId(age);
          for (const side of sides)
            if (holds(side, place)) setup.insert(side, id, pair);
            else if (place === `retired in ${side}`) setup.insert(side, id, pair, true);
          return { id, pair: `${left} ${right}`, stable: age > times.graceMs, place };
        });

        const scans = Array.from({ length: reconcilers }, () => setup.createReconciler().run({ mode: 'guarded' }));
        for (const { outcome } of await setup.finish(Promise.all(scans))) expect(outcome).to.equal('reconciled');

        const first = new Map<string, string>();
        for (const { pair, id, stable, place } of rows)
          if (stable && place === 'both' && id < (first.get(pair) ?? '~')) first.set(pair, id);
        const kept = new Set(first.values());
        for (const side of sides) {
          const expected = rows.filter(({ id, stable, place }) => (stable ? kept.has(id) : holds(side, place)));
          expect(setup.held(side)).to.deep.equal(expected.map(({ id }) => id).sort());
        }
        const retired = rows.filter(({ place }) => place.startsWith('retired')).length;
        const tombstones = sides.flatMap((side) =>
          [...setup.copies[side].claims.values()].filter((row) => row.retired),
        );
        expect(tombstones).to.have.lengthOf(retired);
      }),
      { numRuns: 300 },
    ));
});
