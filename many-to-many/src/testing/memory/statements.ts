import type { Statement } from './memoryCopy.ts';

/** A copy's operations, each of them a statement that is begun and then committed or rolled back. */
export type Statements<Batches> = {
  [Name in keyof Batches]: Batches[Name] extends (items: infer Items) => Promise<(infer Outcome)[]>
    ? (items: Items) => Statement<Outcome>
    : never;
};

/** The commit or rollback of a statement that has nothing to do. */
export const nothing = (): void => undefined;

/** Makes a statement that changes nothing, of what it answers one item. */
export function read<Item, Outcome>(one: (item: Item) => Outcome): (items: Item[]) => Statement<Outcome> {
  return (items) => ({ outcomes: items.map(one), changes: [], commit: nothing, rollback: nothing });
}

/** Makes a copy whose statements are committed at once, with no network before them. */
export function atOnce<Batches>(statements: Statements<Batches>): Batches {
  const all = Object.entries<(items: never) => Statement<unknown>>(statements);
  const batches = all.map(([name, begin]) => [
    name,
    async (items: never) => {
      const { outcomes, commit } = begin(items);
      commit();
      return Promise.resolve(outcomes);
    },
  ]);
  return Object.fromEntries(batches) as Batches;
}
