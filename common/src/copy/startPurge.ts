import type { Knex } from 'knex';
import type { Logger } from '../runtime/logger.ts';
import type { Times } from '../times.ts';
import { maxPurged, purgeRetired } from './purge.ts';

interface Purge {
  database: Knex;
  times: Times;
  log: Logger;
}

/** Purges retired claims' marks now and then, in every replica alike: whoever comes second finds nothing. */
export function startPurge({ database, times, log }: Purge): { stop: () => Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const purge = async () => {
    try {
      while (!stopped && (await purgeRetired(database, times)) === maxPurged);
    } catch (error) {
      log.warn({ err: error }, 'could not purge retired claims; trying again later');
    }
  };
  const timer = setInterval(() => {
    running = running.then(purge);
  }, times.grace / 10);
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
      return running;
    },
  };
}
