import { expect } from 'chai';
import fc from 'fast-check';
import { createMemory, times, type Side } from './memory.ts';

const places = ['both', 'author', 'conference', 'marked in author', 'marked in conference'] as const;

const claim = fc.record({
  event: fc.nat(2),
  author: fc.nat(2),
  /** Milliseconds, many of them around the grace period. */
  age: fc.oneof(
    fc.integer({ min: times.grace - 20, max: times.grace + 40 }),
    fc.integer({ min: 0, max: 3 * times.grace }),
  ),
  in: fc.oneof(fc.constant(places[0]), fc.constantFrom(...places)),
});

const relation = fc.record({
  claims: fc.array(claim, { maxLength: 60 }),
  slice: fc.integer({ min: 1, max: 20 }),
  list: fc.integer({ min: 1, max: 6 }),
  reconcilers: fc.integer({ min: 1, max: 3 }),
});

const sides = ['author', 'conference'] as const;
const other = { author: 'conference', conference: 'author' } as const;
const holds = (side: Side, place: (typeof places)[number]) =>
  place === 'both' || place === side || place === `marked in ${other[side]}`;

describe('walks of reconcilers', () => {
  it('make the copies equal as far as they are settled, keep the first claim of a visible pair, touch nothing else', () =>
    fc.assert(
      fc.asyncProperty(relation, async ({ claims, slice, list, reconcilers }) => {
        const memory = createMemory({ slice, list, events: 3, authors: 3 });
        const rows = claims.map(({ event, author, age, in: place }) => {
          const pair = { event: memory.ids.events[event]!, author: memory.ids.authors[author]! };
          const id = memory.claimId(age);
          for (const side of sides)
            if (holds(side, place)) memory.put(side, id, pair);
            else if (place === `marked in ${side}`) memory.put(side, id, pair, true);
          return { id, pair: `${event} ${author}`, settled: age > times.grace, place };
        });

        const walks = Array.from({ length: reconcilers }, () => memory.reconciler().run({ mode: 'guarded' }));
        for (const { outcome } of await memory.finish(Promise.all(walks))) expect(outcome).to.equal('reconciled');

        const first = new Map<string, string>();
        for (const { pair, id, settled, place } of rows)
          if (settled && place === 'both' && id < (first.get(pair) ?? '~')) first.set(pair, id);
        const kept = new Set(first.values());
        for (const side of sides) {
          const expected = rows.filter(({ id, settled, place }) => (settled ? kept.has(id) : holds(side, place)));
          expect(memory.held(side)).to.deep.equal(expected.map(({ id }) => id).sort());
        }
        const marks = rows.filter(({ place }) => place.startsWith('marked')).length;
        const marked = sides.flatMap((side) => [...memory.copies[side].claims.values()].filter((row) => row.retired));
        expect(marked).to.have.lengthOf(marks);
      }),
      { numRuns: 300 },
    )).timeout(60_000);
});
