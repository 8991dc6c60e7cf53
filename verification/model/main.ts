import { parseArgs } from 'node:util';
import { drawBroken, readDocument, withDrawings, writeDocument, type RuleOrAssumption } from './document.ts';
import { draw } from './draw.ts';
import { explore } from './explore.ts';
import { assumptions, namesOf, rules, variants, type Change } from './rules.ts';
import { allScenarios, scenarioWithout, testedScenarios, type Scenario } from './scenarios.ts';

/*
 * npm run model               explores all scenarios, and draws a broken history without each rule and assumption
 * npm run model -- --tested   explores only the scenarios that the tests explore
 * npm run model -- --write    writes the drawings into docs/argument.md
 */
const { values } = parseArgs({
  options: { tested: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});

if (values.write) await writeDocument(withDrawings(await readDocument()));
else {
  const scenarios = values.tested ? testedScenarios : allScenarios;
  exploreAll(scenarios, null, 'with all rules');
  const testedNames = testedScenarios.map(({ name }) => name);
  const smallScenarios = scenarios.filter(({ name, kinds }) => testedNames.includes(name) || kinds.length <= 4);
  for (const name of namesOf(variants)) exploreAll(smallScenarios, name, `if ${name}`);
  print('\nWithout each of the rules:');
  for (const name of namesOf(rules)) printBroken(name, rules[name]);
  print('\nWithout each of the assumptions:');
  for (const name of namesOf(assumptions)) printBroken(name, assumptions[name]);
}

function exploreAll(scenarios: Scenario[], change: Change | null, title: string): void {
  const start = performance.now();
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
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (process.stdout.isTTY) process.stdout.write('\r');
  print(`${title}: ${scenarios.length} scenarios, ${states} states, ${seconds} s: every history is linearizable`);
}

function printBroken(name: RuleOrAssumption, instead: string): void {
  print(`\n${name}; without it, ${instead} ("${scenarioWithout[name]}")\n${drawBroken(name)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
