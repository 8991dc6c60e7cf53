import type { Times } from '@attendance/common/times';
import { finalAfterMs } from 'many-to-many';

/**
 * Milliseconds for one scan of the claims of a run, some ten thousand at most. It is work, on a machine that has more to
 * do: no scale of times makes it shorter.
 */
const longestScan = 5_000;

/** Milliseconds for one scan, without the rest before it. */
export function scanTakes(times: Times): number {
  // before it compacts it lets others finish
  return longestScan + finalAfterMs(times);
}

/**
 * The grace period, the current scan and the next: the milliseconds in which the copies become the same, from when
 * everything runs again and the last client has its answer.
 */
export function reconcilingTakes(times: Times): number {
  // a claim whose client has given up may be made until its gateway gives up
  const stable = times.requestMs + times.graceMs;
  // the current scan may have compared without the last claim; the next one comes after it, and a rest
  const nextScanBegins = stable + scanTakes(times) + times.scanEveryMs;
  return nextScanBegins + scanTakes(times);
}
