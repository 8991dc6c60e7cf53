import { draw } from './draw.ts';
import { explore } from './explore.ts';
import type { Change } from './rules.ts';
import type { Scenario } from './scenarios.ts';

/**
 * Explores a scenario.
 * @returns the number of its states
 * @throws if a history is not linearizable, with a drawing of the smallest one
 */
export function expectLinearizable(scenario: Scenario, change: Change | null): number {
  const { states, broken } = explore(scenario, change);
  if (broken) throw new Error(`breaks in "${scenario.name}":\n${draw(scenario, broken)}\nSee it with: npm run model`);
  return states;
}
