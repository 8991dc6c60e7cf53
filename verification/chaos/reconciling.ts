import type { Times } from '@attendance/common/times';
import { finalAfterMs } from 'many-to-many';

/**
 * The most time for the work of one scan, of some ten thousand claims on a busy machine. It does not depend on the scale
 * of times.
 */
const maxScanWorkMs = 5_000;

/** Computes the most time for one scan, without the rest before it. */
export function maxScanMs(times: Times): number {
  // a scan waits for running operations before it compacts
  return maxScanWorkMs + finalAfterMs(times);
}

/**
 * Computes the most time from the last answer of a client, without faults, until the copies are equal: the grace period,
 * the current scan and the next.
 */
export function maxReconcileMs(times: Times): number {
  // the gateway may insert a claim after its client has given up
  const stable = times.requestMs + times.graceMs;
  // the current scan may not include the last claim
  const nextScanBegins = stable + maxScanMs(times) + times.scanEveryMs;
  return nextScanBegins + maxScanMs(times);
}
