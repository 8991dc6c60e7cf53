import fc from 'fast-check';
import { newId } from './samples.ts';

/** The claims of a copy by key, in the order of keys. No key is without claims. */
type HeldClaims = Map<string, string[]>;

const claims = [newId(), newId(), newId()];

/** Generates the claims of two copies, often with common claims. */
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

/** Returns the keys of which both copies hold a common claim. */
export const visible = ({ one, other }: { one: HeldClaims; other: HeldClaims }): string[] =>
  [...one.keys()].filter((key) => one.get(key)!.some((claim) => other.get(key)?.includes(claim)));

/** Returns a page of sorted keys. It may be shorter than the limit, but has at least one of the remaining keys. */
export function cutPage(
  keys: Iterable<string>,
  { after, limit }: { after: string | null; limit: number },
  cut: number,
) {
  const rest = [...keys].filter((key) => after === null || key > after);
  const size = Math.max(1, Math.min(limit, cut));
  return { keys: rest.slice(0, size), more: rest.length > size };
}

/** Generates the sizes of the pages of a copy. */
export const cuts = fc.array(fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 5 })), {
  minLength: 1,
  maxLength: 5,
});

/** Returns the sizes in turn, repeatedly. */
export function cycle(sizes: readonly number[]): () => number {
  let next = 0;
  return () => sizes[next++ % sizes.length]!;
}

interface Listed<Item> {
  items: Item[];
  next: string | null;
}

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
