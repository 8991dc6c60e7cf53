import { draw } from './draw.ts';
import { explore } from './explore.ts';
import type { Change } from './rules.ts';
import type { Scenario } from './scenarios.ts';

/**
 * @returns how many states the scenario has
 * @throws with a drawing of the smallest history that is not linearizable, if there is one
 */
export function expectWhole(small: Scenario, change: Change | null): number {
  const { states, broken } = explore(small, change);
  if (broken) throw new Error(`breaks in "${small.name}":\n${draw(small, broken)}\nSee it with: npm run model`);
  return states;
}
