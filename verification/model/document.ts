import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { draw } from './draw.ts';
import { explore } from './explore.ts';
import type { Change } from './rules.ts';
import { breakable, scenario, type Scenario } from './scenarios.ts';
import type { Step } from './state.ts';

const path = resolve(import.meta.dirname, '../../docs/argument.md');

/** A rule or an assumption that can be taken away. */
export type Breakable = keyof typeof breakable;

const explored = new Map<Breakable, Step[]>();

/** Gives the smallest history that breaks without a rule or an assumption. */
export function brokenWithout(name: Breakable): { small: Scenario; broken: Step[] } {
  const small = scenario(breakable[name]);
  const broken = explored.get(name) ?? explore(small, name satisfies Change).broken;
  if (!broken) throw new Error(`nothing breaks without "${name}" in ${small.name}`);
  explored.set(name, broken);
  return { small, broken };
}

/** Draws a smallest history that breaks without a rule or an assumption. */
export function drawBroken(name: Breakable): string {
  const { small, broken } = brokenWithout(name);
  return draw(small, broken);
}

export const readDocument = () => readFile(path, 'utf8');

export const writeDocument = (text: string) => writeFile(path, text);

/** Returns the document with the drawing after each `<!-- model: name -->` replaced by the current one. */
export function withDrawings(text: string): string {
  return text.replaceAll(/<!-- model: (.*) -->\n```\n[^`]*```/g, (_, name: string) => {
    if (!(name in breakable))
      throw new Error(`docs/argument.md asks for a drawing of "${name}", which is no rule or assumption`);
    return `<!-- model: ${name} -->\n\`\`\`\n${drawBroken(name as Breakable)}\n\`\`\``;
  });
}

/** Returns the names of the drawings that the document asks for. */
export function drawingsIn(text: string): string[] {
  return [...text.matchAll(/<!-- model: (.*) -->/g)].map(([, name]) => name ?? '');
}
