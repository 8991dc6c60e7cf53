import { planHistory, type Step } from '../consistency/plan.ts';
import type { Random } from '../consistency/random.ts';

/** Half of the histories are as fast as they can be, the others long enough for faults to strike in the middle. */
export function planLongAndShort(random: Random): Step[][] {
  if (random.below(2) === 0) return planHistory(random);
  return planHistory(random, () => (random.below(3) === 0 ? 0 : random.below(1_000)));
}
