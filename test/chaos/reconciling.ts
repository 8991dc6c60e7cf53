import type { Times } from '@attendance/common/times';

/**
 * Milliseconds for one walk through the claims of a run, some ten thousand at most. It is work, on a machine that has
 * more to do: no scale of times makes it shorter.
 */
const longestWalk = 5_000;

/**
 * Grace and one walk: the milliseconds in which the copies become the same, from when everything runs again and the
 * last client has its answer.
 */
export function reconcilingTakes({ public: answer, grace, expiry, skew, walk: rest }: Times): number {
  // before it compacts it lets others finish
  const walk = longestWalk + expiry + skew + answer;
  // what a client does not wait for any more makes its claim until its gateway gives up
  const settled = answer + grace;
  // a walk that began before may have compared without the last claim; the next one comes after it, and a rest
  const nextWalkBegins = settled + walk + rest;
  return nextWalkBegins + walk;
}
