import type { Times } from '@attendance/common/times';

/**
 * Milliseconds for one walk through the claims of a run, some ten thousand at most. It is work, on a machine that has
 * more to do: no scale of times makes it shorter.
 */
const longestWalk = 5_000;

/** Milliseconds for one walk, without the rest before it. */
export function walkTakes({ public: answer, expiry, skew }: Times): number {
  // before it compacts it lets others finish
  return longestWalk + expiry + skew + answer;
}

/**
 * Grace, a walk under way and the next: the milliseconds in which the copies become the same, from when everything runs
 * again and the last client has its answer.
 */
export function reconcilingTakes(times: Times): number {
  // what a client does not wait for any more makes its claim until its gateway gives up
  const settled = times.public + times.grace;
  // a walk that began before may have compared without the last claim; the next one comes after it, and a rest
  const nextWalkBegins = settled + walkTakes(times) + times.walk;
  return nextWalkBegins + walkTakes(times);
}
