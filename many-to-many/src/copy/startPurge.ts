import { machine } from '../environment.ts';
import type { Side } from '../relation.ts';
import { createTimes, type Times } from '../times.ts';
import { maxPurged, purgeTombstones } from './purge.ts';
import { listMarked, purgeClaims, purgeEntity, type MarkedTable } from './purgeMarked.ts';
import type { Query } from './query.ts';
import { copyTable, type EntityTable } from './table.ts';

/** The options of the purge. */
export interface PurgeOptions {
  /** Runs statements in the owner service's database. */
  query: Query;
  /** The table of times; `createTimes()` unless given. */
  times?: Times;
  /** The table of the entities, whose marked rows are purged; without it, only tombstones are. */
  entities?: EntityTable;
  /** Called with the error of a purge that failed. The next purge is a tenth of `graceMs` later. */
  onError?: (error: unknown) => void;
  /** Called when a marked entity is purged, with the number of its claims that this purge deleted since its start. */
  onPurged?: (purged: { id: string; claims: number }) => void;
}

/** A running purge. */
export interface Purge {
  /** Stops the purge. It resolves when no statement is running any more. */
  stop: () => Promise<void>;
}

/**
 * Purges old tombstones and marked entities ten times in each grace period, until `stop` is called. Every replica of an
 * owner service may purge at the same time, and may end at any moment: another one, or the next purge, goes on.
 */
export function startPurge(side: Side<unknown>, options: PurgeOptions): Purge {
  const { query, times = createTimes(), entities, onError, onPurged } = options;
  const table = entities && copyTable(side, entities);
  const marked = table?.marks ? { ...table, marks: table.marks } : null;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const attempt = async (work: () => Promise<void>) => {
    if (stopped) return;
    try {
      await work();
    } catch (error) {
      onError?.(error);
    }
  };

  async function purgeOldTombstones(): Promise<void> {
    while (!stopped && (await purgeTombstones(query, side.relation, times)) === maxPurged);
  }

  /** An entity that cannot be purged does not keep others from it. */
  async function purgeMarked(): Promise<void> {
    if (!marked) return;
    for (const id of await listMarked(query, marked)) await attempt(() => purge(marked, id));
  }

  /** Rests after each piece for as long as the piece took, so that requests have at least half of the time. */
  async function purge(table: MarkedTable, id: string): Promise<void> {
    let claims = 0;
    for (;;) {
      const began = machine.now();
      const purged = await purgeClaims(query, table, id);
      // another replica is at it
      if (purged === null) return;
      claims += purged;
      if (purged === 0) break;
      await sleep(machine.now() - began);
      if (stopped) return;
    }
    if (await purgeEntity(query, table, id)) onPurged?.({ id, claims });
  }

  const timer = setInterval(() => {
    running = running.then(() => attempt(purgeOldTombstones)).then(() => attempt(purgeMarked));
  }, times.graceMs / 10);
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
      return running;
    },
  };
}

const sleep = (ms: number) => new Promise<void>((resolve) => machine.timer(ms, resolve));
