import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { draw } from './draw.ts';
import { explore } from './explore.ts';
import type { Change } from './rules.ts';
import { breakable, scenario, type Scenario } from './scenarios.ts';
import type { Step } from './state.ts';

const path = resolve(import.meta.dirname, '../../docs/consistency.md');

export type Breakable = keyof typeof breakable;

const explored = new Map<Breakable, Step[]>();

/** The steps of the smallest history that breaks without a rule or an assumption. */
export function brokenWithout(name: Breakable): { small: Scenario; broken: Step[] } {
  const small = scenario(breakable[name]);
  const broken = explored.get(name) ?? explore(small, name satisfies Change).broken;
  if (!broken) throw new Error(`nothing breaks without "${name}" in ${small.name}`);
  explored.set(name, broken);
  return { small, broken };
}

export function drawBroken(name: Breakable): string {
  const { small, broken } = brokenWithout(name);
  return draw(small, broken);
}

export const readDocument = () => readFile(path, 'utf8');

export const writeDocument = (text: string) => writeFile(path, text);

/** The document with the drawing behind each `<!-- model: name -->` as the model draws it now. */
export function withDrawings(text: string): string {
  return text.replaceAll(/<!-- model: (.*) -->\n```\n[^`]*```/g, (_, name: string) => {
    if (!(name in breakable)) throw new Error(`the document wants a drawing of "${name}"`);
    return `<!-- model: ${name} -->\n\`\`\`\n${drawBroken(name as Breakable)}\n\`\`\``;
  });
}

/** The names of the drawings that the document has. */
export function drawingsIn(text: string): string[] {
  return [...text.matchAll(/<!-- model: (.*) -->/g)].map(([, name]) => name ?? '');
}
