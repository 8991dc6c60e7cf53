import type { Times } from '@attendance/common/times';
import { planHistory, type Step } from '../histories/plan.ts';
import type { Random } from 'many-to-many/testing';
import { between } from './plan.ts';

/** The clients of a history pause before each step for a second on average if they live long, and are 3 or 4. */
const longPause = { least: 30, most: 5_000 };
const stepsPerSecond = 3.5;

/**
 * Nearly all histories are as fast as they can be, or long enough for faults to strike in the middle. One in 61 lasts:
 * its pairs are still in use when the reconcilers come to claims of theirs that are older than the grace period.
 */
export function planClients({ graceMs }: Pick<Times, 'graceMs'>): (random: Random) => Step[][] {
  const fast = (random: Random) => planHistory(random);
  const long = (random: Random) =>
    planHistory(random, { pause: () => (random.below(3) === 0 ? 0 : random.below(1_000)) });
  // three times the grace period: until something is to be dropped, for as long as that takes under faults, and some more
  const length = Math.round((3 * graceMs * stepsPerSecond) / 1_000);
  const lasting = (random: Random) =>
    planHistory(random, {
      length,
      pause: () => between(random, longPause.least, longPause.most),
      // about six in all, for a remove takes with it what the reconcilers are to find
      removes: (6 * 78) / length,
    });
  return (random) =>
    random.weighted([
      [30, fast],
      [30, long],
      [1, lasting],
    ])(random);
}
