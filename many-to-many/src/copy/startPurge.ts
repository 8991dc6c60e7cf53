import type { Side } from '../relation.ts';
import { createTimes, type Times } from '../times.ts';
import { maxPurged, purgeTombstones } from './purge.ts';
import type { Query } from './query.ts';

/** The options of the purge of tombstones. */
export interface PurgeOptions {
  /** Runs statements in the owner service's database. */
  query: Query;
  /** The table of times; `createTimes()` unless given. */
  times?: Times;
  /** Called with the error of a purge that failed. The next purge is a tenth of `graceMs` later. */
  onError?: (error: unknown) => void;
}

/** A running purge of tombstones. */
export interface Purge {
  /** Stops the purge. It resolves when no statement is running any more. */
  stop: () => Promise<void>;
}

/**
 * Purges old tombstones ten times in each grace period, until `stop` is called. Every replica of an owner service may
 * purge at the same time.
 */
export function startPurge(side: Side<unknown>, options: PurgeOptions): Purge {
  const { query, times = createTimes(), onError } = options;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const purge = async () => {
    try {
      while (!stopped && (await purgeTombstones(query, side.relation, times)) === maxPurged);
    } catch (error) {
      onError?.(error);
    }
  };
  const timer = setInterval(() => {
    running = running.then(purge);
  }, times.graceMs / 10);
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
      return running;
    },
  };
}
