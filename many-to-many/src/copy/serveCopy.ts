import { copyOperations } from '../operations.ts';
import type { Side } from '../relation.ts';
import { createCopy, type CopyOptions } from './createCopy.ts';
import { createHandler, type Handler } from './createHandler.ts';
import { startPurge, type Purge, type PurgeOptions } from './startPurge.ts';

/** A copy that an owner service serves. */
export interface ServedCopy extends Purge {
  /** Runs one operation of the gateway. */
  readonly handle: Handler;
}

/**
 * Makes all that an owner service needs: the handler for the gateway's calls, and the purge of old tombstones, which
 * runs until `stop` is called.
 */
export function serveCopy<Entity>(side: Side<Entity>, options: CopyOptions & PurgeOptions): ServedCopy {
  const handle = createHandler(copyOperations(side), createCopy(side, options));
  const { stop } = startPurge(side, options);
  return { handle, stop };
}
