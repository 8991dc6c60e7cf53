import type { Side } from '../relation.ts';
import { createTimes, type Times } from '../times.ts';
import { maxPurged, purgeTombstones } from './purge.ts';
import type { Query } from './query.ts';

/** What the purge of tombstones is made of. */
export interface PurgeOptions {
  /** Runs statements in the owner service's database. */
  query: Query;
  /** The table of times; `createTimes()` unless given. */
  times?: Times;
  /** Called with the error of a purge that failed; the next one comes a tenth of `graceMs` later. */
  onError?: (error: unknown) => void;
}

/** The purge of tombstones, while it runs. */
export interface Purge {
  /** Stops it; resolves when no statement is running any more. */
  stop: () => Promise<void>;
}

/**
 * Purges old tombstones ten times in each grace period, until `stop` is called. Each replica of an owner service may do
 * so: the second one finds nothing.
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
