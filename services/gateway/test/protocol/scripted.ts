/** How a batch is answered: item by item, by a failure of the whole, or when the test says so. */
export type Reply<Item, Outcome> = ((item: Item) => Outcome) | Error | 'hold';

export interface Call<Item, Outcome> {
  /** As they were when they were sent. */
  items: Item[];
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
}

/** A batch operation that keeps what it was sent, and holds its answer back unless `reply` says what to answer. */
export function scripted<Item, Outcome>() {
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

  /** One reply for each call to come; the last one stays. */
  const reply = (...next: Reply<Item, Outcome>[]) => {
    replies = next;
  };
  return Object.assign(send, { calls, reply });
}
