import type { ItemOf, Operations, OutcomeOf } from '../../src/operation.ts';

/** The reply to a batch: a function of each item, a failure, or `hold` to let the test reply later. */
export type Reply<Item, Outcome> = ((item: Item) => Outcome) | Error | 'hold';

export interface Call<Item, Outcome> {
  /** Copied when they were sent. */
  items: Item[];
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
}

/** A batch operation that records its calls. Without a scripted reply, it holds its answers back. */
export interface Scripted<Item, Outcome> {
  (items: Item[]): Promise<Outcome[]>;
  calls: Call<Item, Outcome>[];
  /** Scripts the replies to the next calls. The last reply is repeated. */
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

type ScriptedOperations<Table extends Operations> = {
  [Name in keyof Table]: Scripted<ItemOf<Table[Name]>, OutcomeOf<Table[Name]>>;
};

/** Creates a scripted batch operation for each operation of a table. */
export function scriptedOperations<Table extends Operations>(operations: Table): ScriptedOperations<Table> {
  const all = Object.keys(operations).map((name) => [name, scripted()]);
  return Object.fromEntries(all) as ScriptedOperations<Table>;
}
