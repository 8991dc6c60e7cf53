import fc from 'fast-check';
import { newId } from './samples.ts';

/** What one copy holds: the claims of each key, in the order of keys, none of them empty. */
export type HeldClaims = Map<string, string[]>;

const claims = [newId(), newId(), newId()];

/** The claims that each of the two copies holds of some keys; often the same ones. */
export function twoCopies(keys: readonly string[]): fc.Arbitrary<{ one: HeldClaims; other: HeldClaims }> {
  const held = fc.subarray(claims);
  const both = fc.oneof(
    fc.record({ one: held, other: held }),
    held.map((same) => ({ one: same, other: same.toReversed() })),
  );
  return fc.array(both, { minLength: keys.length, maxLength: keys.length }).map((pairs) => {
    const copy = (side: 'one' | 'other'): HeldClaims =>
      new Map(keys.map((key, i): [string, string[]] => [key, pairs[i]![side]]).filter(([, held]) => held.length > 0));
    return { one: copy('one'), other: copy('other') };
  });
}

/** The naive model: the keys of which both copies hold the same claim. */
export const visible = ({ one, other }: { one: HeldClaims; other: HeldClaims }): string[] =>
  [...one.keys()].filter((key) => one.get(key)!.some((claim) => other.get(key)?.includes(claim)));

/** A page of sorted keys as a copy cuts it: perhaps shorter than asked for, never empty while there are more. */
export function cutPage(
  keys: Iterable<string>,
  { after, limit }: { after: string | null; limit: number },
  cut: number,
) {
  const rest = [...keys].filter((key) => after === null || key > after);
  const size = Math.max(1, Math.min(limit, cut));
  return { keys: rest.slice(0, size), more: rest.length > size };
}

/** Sizes at which one copy cuts its pages, however many pairs it is asked for. */
export const cuts = fc.array(fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 5 })), {
  minLength: 1,
  maxLength: 5,
});

/** One cut after the other, over and over. */
export function cycle(sizes: readonly number[]): () => number {
  let next = 0;
  return () => sizes[next++ % sizes.length]!;
}

interface Listed<Item> {
  items: Item[];
  next: string | null;
}

/** Reads all pages from the first to the last. */
export async function readPages<Item>(readPage: (after: string | null) => Promise<Listed<Item>>): Promise<Item[][]> {
  const pages: Item[][] = [];
  const cursors = new Set<string>();
  for (let after: string | null = null; ;) {
    const { items, next } = await readPage(after);
    pages.push(items);
    if (next === null) return pages;
    if (cursors.has(next)) throw new Error('the pages repeat');
    cursors.add(next);
    after = next;
  }
}
