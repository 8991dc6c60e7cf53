import { maxBatch, type Batches, type ItemOf, type Operation, type Operations, type OutcomeOf } from '../operation.ts';
import { failureOf, isFailure, Unknown, type Answer } from '../outcome.ts';
import { coalesce, type Coalescing } from './coalesce.ts';

/**
 * Runs one operation on one item. It resolves to an outcome or a failure, and never rejects. It calls `onSend` just
 * before it sends the item.
 */
export type Ask<Item, Outcome extends { outcome: string }> = (
  item: Item,
  onSend?: () => void,
) => Promise<Answer<Outcome>>;

/** The operations of a copy, each as a function of one item. */
export type Asked<Table extends Operations> = {
  [Name in keyof Table]: Ask<ItemOf<Table[Name]>, OutcomeOf<Table[Name]> & { outcome: string }>;
};

/**
 * Makes a function of one item for each operation of a copy. Items that arrive together are sent as one batch.
 * @param operations the table of the operations
 */
export function askCopy<Table extends Operations>(
  operations: Table,
  copy: Batches<NoInfer<Table>>,
  coalescing: Coalescing,
): Asked<Table> {
  const asks = Object.entries(operations).map(([name, operation]) => {
    const send = copy[name as keyof typeof copy] as unknown as (items: unknown[]) => Promise<{ outcome: string }[]>;
    return [name, ask(operation, send, coalescing)];
  });
  return Object.fromEntries(asks) as Asked<Table>;
}

function ask<Item, Outcome extends { outcome: string }>(
  operation: Operation,
  send: (items: Item[]) => Promise<Outcome[]>,
  coalescing: Coalescing,
): Ask<Item, Outcome> {
  const sendOnceOrTwice = (items: Item[], inTime: () => boolean) =>
    sendOrRepeat(send, items, { provenBy: operation.provenBy, inTime });
  const coalesced = coalesce(sendOnceOrTwice, coalescing, {
    weigh: (item) => operation.weigh(item),
    maxWeight: maxBatch,
  });
  return (item, onSend) => coalesced(item, onSend).catch(failureOf);
}

/**
 * Sends a batch, and once more if a kept-alive connection was reset under it. The first attempt may still be executed.
 * So if the repeat is refused, the outcome is unknown: only the outcome `provenBy` counts.
 */
async function sendOrRepeat<Item, Outcome extends { outcome: string }>(
  send: (items: Item[]) => Promise<Outcome[]>,
  items: Item[],
  { provenBy, inTime }: { provenBy: string | null; inTime: () => boolean },
): Promise<Answer<Outcome>[]> {
  try {
    return await send(items);
  } catch (error) {
    if (!(isFailure(error) && error.outcome === 'unknown' && error.wasReset && inTime())) throw error;
  }
  const outcomes = await send(items).catch((cause: unknown) => {
    throw new Unknown('the connection was reset, and the repeat failed', { cause });
  });
  const unknown = new Unknown('the connection was reset, and the repeat was refused');
  return outcomes.map((outcome) => (provenBy === null || outcome.outcome === provenBy ? outcome : unknown));
}
