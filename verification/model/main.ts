import { parseArgs } from 'node:util';
import { drawBroken, readDocument, withDrawings, writeDocument, type Breakable } from './document.ts';
import { draw } from './draw.ts';
import { explore } from './explore.ts';
import { assumptions, namesOf, rules, variants, type Change } from './rules.ts';
import { breakable, few, many, type Scenario } from './scenarios.ts';

/*
 * npm run model               explores many scenarios and draws what breaks without each rule and assumption
 * npm run model -- --few      explores only the scenarios that the tests explore
 * npm run model -- --write    writes the drawings into docs/argument.md
 */
const { values } = parseArgs({
  options: { few: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});

if (values.write) await writeDocument(withDrawings(await readDocument()));
else {
  const scenarios = values.few ? few : many;
  exploreAll(scenarios, null, 'with all rules');
  const tested = few.map(({ name }) => name);
  const smaller = scenarios.filter(({ name, kinds }) => tested.includes(name) || kinds.length <= 4);
  for (const name of namesOf(variants)) exploreAll(smaller, name, `if ${name}`);
  print('\nWithout each of the rules:');
  for (const name of namesOf(rules)) show(name, rules[name]);
  print('\nWithout each of the assumptions:');
  for (const name of namesOf(assumptions)) show(name, assumptions[name]);
}

function exploreAll(scenarios: Scenario[], change: Change | null, title: string): void {
  const began = performance.now();
  let states = 0;
  for (const [i, scenario] of scenarios.entries()) {
    const explored = explore(scenario, change);
    states += explored.states;
    if (process.stdout.isTTY) process.stdout.write(`\r${i + 1} of ${scenarios.length} scenarios, ${states} states `);
    if (!explored.broken) continue;
    print(`\n${title}, a history breaks in "${scenario.name}":\n${draw(scenario, explored.broken)}`);
    process.exitCode = 1;
    return;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (process.stdout.isTTY) process.stdout.write('\r');
  print(`${title}: ${scenarios.length} scenarios, ${states} states, ${seconds} s: every history is linearizable`);
}

function show(name: Breakable, instead: string): void {
  print(`\n${name}; without it, ${instead} ("${breakable[name]}")\n${drawBroken(name)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
