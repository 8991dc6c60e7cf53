import type { Environment } from '../environment.ts';
import { NotExecuted, Unknown } from '../outcome.ts';
import type { Times } from '../times.ts';

/** The most calls in flight at once for one operation of one copy. */
const defaultSlots = 4;

/** The most items that may wait for a call slot. Further items are rejected at once. */
const maxWaiting = 10_000;

/** How items are collected into batches: the environment and the limits. */
export interface Coalescing extends Environment {
  /** Only `waitMs` and `callMs` are used. */
  readonly times: Times;
  /** The most calls in flight at once for one operation of one copy; 4 unless given. */
  readonly slots?: number | undefined;
}

interface Weight<Item> {
  weigh: (item: Item) => number;
  /** The largest weight of a batch. An item that is heavier is sent alone. */
  maxWeight: number;
}

interface Waiting<Item, Outcome> {
  item: Item;
  since: number;
  onSend: (() => void) | undefined;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/** Adds one item to a batch. `onSend` is called just before the batch is sent. */
export type Coalesced<Item, Outcome> = (item: Item, onSend?: () => void) => Promise<Outcome>;

/**
 * Sends items in batches: the items that arrive in the same turn of the event loop, or while every call slot is busy,
 * share a call. `send` gets the items and a function that is true until the deadline of the call.
 *
 * Each promise ends within `callMs`. It rejects with {NotExecuted} if the item was dropped unsent, because no call slot
 * was free within `waitMs` or because too many items were waiting. It rejects with {Unknown} if the call had no answer
 * in time. If a batch fails, all of its items reject with the same error.
 */
export function coalesce<Item, Outcome>(
  send: (items: Item[], inTime: () => boolean) => Promise<Outcome[]>,
  { now, timer, endOfTurn, times, slots = defaultSlots }: Coalescing,
  { weigh, maxWeight }: Weight<Item>,
): Coalesced<Item, Outcome> {
  const waiting: Waiting<Item, Outcome>[] = [];
  let calls = 0;
  let scheduled = false;
  let cancelDrop: (() => void) | undefined;

  function flush(): void {
    scheduled = false;
    dropLate();
    while (calls < slots && waiting.length > 0) void call(nextBatch());
    // items wait in the order of their arrival, so the first one is the first that becomes late
    cancelDrop?.();
    const first = waiting[0];
    cancelDrop = first && timer(first.since + times.waitMs - now(), flush);
  }

  function dropLate(): void {
    const isLate = (entry: Waiting<Item, Outcome>) => now() - entry.since >= times.waitMs;
    for (let first = waiting[0]; first && isLate(first); first = waiting[0]) {
      waiting.shift();
      first.reject(new NotExecuted(`no call slot was free within ${times.waitMs} ms`));
    }
  }

  function nextBatch(): Waiting<Item, Outcome>[] {
    let weight = 0;
    let count = 0;
    for (const { item } of waiting) {
      weight += weigh(item);
      if (weight > maxWeight && count > 0) break;
      count++;
    }
    return waiting.splice(0, count);
  }

  async function call(batch: Waiting<Item, Outcome>[]): Promise<void> {
    calls++;
    const deadline = (batch[0]?.since ?? now()) + times.callMs;
    const fail = (error: unknown) => batch.forEach(({ reject }) => reject(error));
    const cancel = timer(deadline - now(), () => fail(new Unknown(`no answer within ${times.callMs} ms`)));
    try {
      batch.forEach(({ onSend }) => onSend?.());
      const outcomes = await send(
        batch.map(({ item }) => item),
        () => now() < deadline,
      );
      if (outcomes.length !== batch.length) throw new Unknown(`${outcomes.length} outcomes for ${batch.length} items`);
      outcomes.forEach((outcome, i) => batch[i]?.resolve(outcome));
    } catch (error) {
      fail(error);
    } finally {
      cancel();
      calls--;
      // if a flush is scheduled, it also sends the items of this turn
      if (waiting.length > 0 && !scheduled) flush();
    }
  }

  return (item, onSend) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(new NotExecuted(`${maxWaiting} items are waiting for a call slot already`));
        return;
      }
      waiting.push({ item, since: now(), onSend, resolve, reject });
      if (scheduled) return;
      scheduled = true;
      endOfTurn(flush);
    });
}
