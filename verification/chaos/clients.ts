import type { Times } from '@attendance/common/times';
import { planHistory, type Step } from '../histories/plan.ts';
import type { Random } from 'many-to-many/testing';
import { logUniform } from './plan.ts';

/** The pause of a client before each step in a lasting history. It is one second on average, for 3 or 4 clients. */
const lastingPauseMs = { min: 30, max: 5_000 };
const stepsPerSecond = 3.5;

/**
 * Plans the clients of a history. Most histories are fast, or long enough for a fault to strike meanwhile. One in 61
 * lasts so long that the reconcilers drop claims of its pairs.
 */
export function planClients({ graceMs }: Pick<Times, 'graceMs'>): (random: Random) => Step[][] {
  const fast = (random: Random) => planHistory(random);
  const long = (random: Random) =>
    planHistory(random, { pause: () => (random.below(3) === 0 ? 0 : random.below(1_000)) });
  // three times the grace period: under faults, the reconcilers drop its first claims in that time
  const length = Math.round((3 * graceMs * stepsPerSecond) / 1_000);
  const lasting = (random: Random) =>
    planHistory(random, {
      length,
      pause: () => logUniform(random, lastingPauseMs.min, lastingPauseMs.max),
      // about six, because each remove retires the claims that the reconcilers would drop
      removes: (6 * 78) / length,
    });
  return (random) =>
    random.weighted([
      [30, fast],
      [30, long],
      [1, lasting],
    ])(random);
}
