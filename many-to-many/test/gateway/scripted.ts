import type { ItemOf, Operations, OutcomeOf } from '../../src/operation.ts';

/** How a batch is answered: item by item, by a failure of the whole, or when the test says so. */
export type Reply<Item, Outcome> = ((item: Item) => Outcome) | Error | 'hold';

export interface Call<Item, Outcome> {
  /** As they were when they were sent. */
  items: Item[];
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
}

/** A batch operation that keeps the calls it got, and holds its answers back unless `reply` says what to answer. */
export interface Scripted<Item, Outcome> {
  (items: Item[]): Promise<Outcome[]>;
  calls: Call<Item, Outcome>[];
  /** Takes one reply for each call to come; the last one stays. */
  reply: (...next: Reply<Item, Outcome>[]) => void;
}

export function scripted<Item, Outcome>(): Scripted<Item, Outcome> {
  const calls: Call<Item, Outcome>[] = [];
  let replies: Reply<Item, Outcome>[] = [];
  let last: Reply<Item, Outcome> = 'hold';

  const send = (items: Item[]) =>
    new Promise<Outcome[]>((resolve, reject) => {
      calls.push({ items: structuredClone(items), resolve, reject });
      last = replies.shift() ?? last;
      if (typeof last === 'function') resolve(items.map(last));
      else if (last instanceof Error) reject(last);
    });

  const reply = (...next: Reply<Item, Outcome>[]) => {
    replies = next;
  };
  return Object.assign(send, { calls, reply });
}

export type ScriptedOperations<Table extends Operations> = {
  [Name in keyof Table]: Scripted<ItemOf<Table[Name]>, OutcomeOf<Table[Name]>>;
};

/** Makes a scripted batch operation for each one of a table, such as a copy's. */
export function scriptedOperations<Table extends Operations>(operations: Table): ScriptedOperations<Table> {
  const all = Object.keys(operations).map((name) => [name, scripted()]);
  return Object.fromEntries(all) as ScriptedOperations<Table>;
}
