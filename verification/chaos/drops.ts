import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DropReason } from 'many-to-many';
import type { History } from '../histories/histories.ts';
import { pairKey } from '../histories/lists.ts';

/** The rows that the reconcilers dropped and logged. */
export interface Drops {
  byReason: Record<DropReason, number>;
  /** The rows of pairs that a client used later. */
  inUse: number;
}

/** A dropped row in the log of a gateway. */
interface LoggedDrop {
  event_id: string;
  author_id: string;
  reason: DropReason;
}

interface Clients {
  histories: readonly History[];
  /** Microseconds on the clock of the histories. Later operations are the last reads. */
  clientsEnded: number;
}

/**
 * Counts the dropped rows.
 * @param logs the log files of the gateways
 */
export async function countDrops(logs: string[], { histories, clientsEnded }: Clients): Promise<Drops> {
  const lastUse = new Map<string, number>();
  for (const { event, author, start } of histories.flatMap(({ operations }) => operations))
    if (start <= clientsEnded) {
      const pair = pairKey(event, author);
      lastUse.set(pair, Math.max(start, lastUse.get(pair) ?? 0));
    }

  const counts: Drops = { byReason: { half: 0, entity_deleted: 0, entity_marked: 0, surplus: 0 }, inUse: 0 };
  for (const log of logs)
    for await (const { time, drops = [], rows = 0 } of readDrops(log)) {
      counts.byReason.entity_marked += rows;
      for (const { reason, event_id, author_id } of drops) {
        counts.byReason[reason] += 1;
        if ((lastUse.get(pairKey(event_id, author_id)) ?? 0) > time) counts.inUse += 1;
      }
    }
  return counts;
}

/** Yields the drops in a log, with their times on the clock of the histories. */
async function* readDrops(log: string): AsyncGenerator<{ time: number; drops?: LoggedDrop[]; rows?: number }> {
  for await (const line of createInterface({ input: createReadStream(log) })) {
    // the last line of a killed gateway may be cut off
    if (!line.includes('the reconciler dropped claims') || !line.endsWith('}')) continue;
    const { time, ...dropped } = JSON.parse(line) as { time: string; drops?: LoggedDrop[]; rows?: number };
    yield { ...dropped, time: (Date.parse(time) - performance.timeOrigin) * 1_000 };
  }
}
