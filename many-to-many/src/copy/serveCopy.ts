import { copyOperations } from '../operations.ts';
import type { Side } from '../relation.ts';
import { createCopy, type CopyOptions } from './createCopy.ts';
import { createHandler, type Handler } from './createHandler.ts';
import { startPurge, type Purge, type PurgeOptions } from './startPurge.ts';

/** A copy, as an owner service serves it. */
export interface ServedCopy extends Purge {
  /** Runs an operation that the gateway calls. */
  readonly handle: Handler;
}

/**
 * Makes one side's copy, with the handler of the gateway's calls. It also starts the purge of old tombstones, which runs
 * until `stop` is called.
 */
export function serveCopy<Entity>(side: Side<Entity>, options: CopyOptions & PurgeOptions): ServedCopy {
  const handle = createHandler(copyOperations(side), createCopy(side, options));
  const { stop } = startPurge(side, options);
  return { handle, stop };
}
