import type { Statement } from './copy.ts';

/** An owner's operations, each of them a statement that is begun and then committed or rolled back. */
export type Statements<O> = {
  [Name in keyof O]: O[Name] extends (items: infer Items) => Promise<(infer Outcome)[]>
    ? (items: Items) => Statement<Outcome>
    : never;
};

/** What a commit or a rollback does that has nothing to do. */
export const nothing = (): void => undefined;

/** A statement that changes nothing. */
export function read<Item, Outcome>(one: (item: Item) => Outcome): (items: Item[]) => Statement<Outcome> {
  return (items) => ({ outcomes: items.map(one), changes: [], commit: nothing, rollback: nothing });
}

/** The owner as the protocol sees it, with nothing between the two: each statement is committed at once. */
export function atOnce<O>(operations: Statements<O>): O {
  const all = Object.entries<(items: never) => Statement<unknown>>(operations);
  const owner = all.map(([name, begin]) => [
    name,
    async (items: never) => {
      const { outcomes, commit } = begin(items);
      commit();
      return Promise.resolve(outcomes);
    },
  ]);
  return Object.fromEntries(owner) as O;
}
