import type { Dependencies } from './dependencies.ts';
import { NotExecuted } from './failures.ts';

/** Calls under way at once for one operation of one owner, unless the world says how many. */
const defaultSlots = 4;

/** Items that may wait for a slot; more are refused at once. */
const maxWaiting = 10_000;

interface CoalesceOptions<Item> {
  /** What an item adds to a batch, whose weight is bounded; 1 unless given. */
  weigh?: (item: Item) => number;
  maxWeight: number;
}

interface Waiting<Item, Outcome> {
  item: Item;
  since: number;
  onSend: (() => void) | undefined;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/** Asks for one item; `onSend` is called just before the item's batch is sent. */
export type Coalesced<Item, Outcome> = (item: Item, onSend?: () => void) => Promise<Outcome>;

/**
 * Makes one call of what arrives in the same turn of the event loop, and of what arrives while every call slot is
 * busy. Each promise is settled within `times.downstream`: an item that got no slot within `times.wait`, or no place
 * to wait, is dropped unsent and rejected with {NotExecuted}, which is certain; a batch that fails or is late rejects
 * all of its items alike. `send` is told whether anybody still waits.
 */
export function coalesce<Item, Outcome>(
  send: (items: Item[], inTime: () => boolean) => Promise<Outcome[]>,
  { now, timer, turn, times, slots = defaultSlots }: Pick<Dependencies, 'now' | 'timer' | 'turn' | 'times' | 'slots'>,
  { weigh = () => 1, maxWeight }: CoalesceOptions<Item>,
): Coalesced<Item, Outcome> {
  const waiting: Waiting<Item, Outcome>[] = [];
  let calls = 0;
  let scheduled = false;
  let cancelDrop: (() => void) | undefined;

  function flush(): void {
    scheduled = false;
    dropLate();
    while (calls < slots && waiting.length > 0) void call(nextBatch());
    // the first to wait is the first to be late
    cancelDrop?.();
    const first = waiting[0];
    cancelDrop = first && timer(first.since + times.wait - now(), flush);
  }

  function dropLate(): void {
    const late = (entry: Waiting<Item, Outcome>) => now() - entry.since >= times.wait;
    for (let first = waiting[0]; first && late(first); first = waiting[0]) {
      waiting.shift();
      first.reject(new NotExecuted('no call slot was free in time'));
    }
  }

  function nextBatch(): Waiting<Item, Outcome>[] {
    let weight = 0;
    let count = 0;
    for (const { item } of waiting) {
      weight += weigh(item);
      // one that is too heavy for any batch goes alone
      if (weight > maxWeight && count > 0) break;
      count++;
    }
    return waiting.splice(0, count);
  }

  async function call(batch: Waiting<Item, Outcome>[]): Promise<void> {
    calls++;
    const deadline = (batch[0]?.since ?? now()) + times.downstream;
    const fail = (error: unknown) => batch.forEach(({ reject }) => reject(error));
    const cancel = timer(deadline - now(), () => fail(new Error('no answer in time')));
    try {
      batch.forEach(({ onSend }) => onSend?.());
      const outcomes = await send(
        batch.map(({ item }) => item),
        () => now() < deadline,
      );
      if (outcomes.length !== batch.length) throw new Error('not as many outcomes as items');
      outcomes.forEach((outcome, i) => batch[i]?.resolve(outcome));
    } catch (error) {
      fail(error);
    } finally {
      cancel();
      calls--;
      // what has arrived in this turn is still to be joined by the rest of it
      if (waiting.length > 0 && !scheduled) flush();
    }
  }

  return (item, onSend) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(new NotExecuted('too much is waiting for a call slot'));
        return;
      }
      waiting.push({ item, since: now(), onSend, resolve, reject });
      if (scheduled) return;
      scheduled = true;
      turn(flush);
    });
}
