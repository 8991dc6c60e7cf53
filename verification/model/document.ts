import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { draw } from './draw.ts';
import { explore } from './explore.ts';
import type { Change } from './rules.ts';
import { parseScenario, scenarioWithout, type Scenario } from './scenarios.ts';
import type { Step } from './state.ts';

const path = resolve(import.meta.dirname, '../../docs/argument.md');

export type RuleOrAssumption = keyof typeof scenarioWithout;

const explored = new Map<RuleOrAssumption, Step[]>();

/** Returns the smallest history that breaks without a rule or an assumption. */
export function smallestBrokenHistory(name: RuleOrAssumption): { scenario: Scenario; broken: Step[] } {
  const scenario = parseScenario(scenarioWithout[name]);
  const broken = explored.get(name) ?? explore(scenario, name satisfies Change).broken;
  if (!broken) throw new Error(`nothing breaks without "${name}" in ${scenario.name}`);
  explored.set(name, broken);
  return { scenario, broken };
}

/** Draws a smallest history that breaks without a rule or an assumption. */
export function drawBroken(name: RuleOrAssumption): string {
  const { scenario, broken } = smallestBrokenHistory(name);
  return draw(scenario, broken);
}

export const readDocument = () => readFile(path, 'utf8');

export const writeDocument = (text: string) => writeFile(path, text);

/** Returns the document with the drawing after each `<!-- model: name -->` replaced by the current one. */
export function withDrawings(text: string): string {
  return text.replaceAll(/<!-- model: (.*) -->\n```\n[^`]*```/g, (_, name: string) => {
    if (!(name in scenarioWithout))
      throw new Error(`docs/argument.md has a drawing of "${name}", which is no rule or assumption`);
    return `<!-- model: ${name} -->\n\`\`\`\n${drawBroken(name as RuleOrAssumption)}\n\`\`\``;
  });
}

/** Returns the names of the drawings in the document. */
export function drawingsIn(text: string): string[] {
  return [...text.matchAll(/<!-- model: (.*) -->/g)].map(([, name]) => name ?? '');
}
