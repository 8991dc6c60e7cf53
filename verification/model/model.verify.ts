import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { checkPair, createRandom } from 'many-to-many/testing';
import { drawingsIn, readDocument, smallestBrokenHistory, withDrawings } from './document.ts';
import { draw } from './draw.ts';
import { stateAtFirst, stepsFrom } from './explore.ts';
import { historyOf } from './history.ts';
import { assumptions, namesOf, rules, variants } from './rules.ts';
import { parseScenario, scenarioWithout, testedScenarios } from './scenarios.ts';
import type { Step } from './state.ts';
import { expectLinearizable } from './expectLinearizable.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 32));

describe('the model of the protocol', () => {
  it(`has only linearizable histories in ${testedScenarios.length} scenarios`, () => {
    const states = testedScenarios.reduce((sum, scenario) => sum + expectLinearizable(scenario, null), 0);
    // an exploration of no states finds no broken history either
    expect(states).to.be.above(50_000);
  });

  for (const name of namesOf(variants))
    it(`has only linearizable histories if ${name}`, () =>
      testedScenarios.forEach((scenario) => expectLinearizable(scenario, name)));

  for (const name of [...namesOf(rules), ...namesOf(assumptions)])
    it(`breaks in "${scenarioWithout[name]}" without: ${name}`, () => {
      const { scenario, broken } = smallestBrokenHistory(name);
      // checkPair agrees: only the last answer breaks the history
      const drawing = draw(scenario, broken);
      expect(checkPair(historyOf(scenario, broken), scenario.initially).ok, drawing).to.be.false;
      expect(checkPair(historyOf(scenario, broken.slice(0, -1)), scenario.initially).ok, drawing).to.be.true;
    });

  it(`agrees with checkPair on random histories (SEED=${seed})`, () => {
    const random = createRandom(seed);
    const pick = <T>(items: readonly T[]) => items[random.below(items.length)] as T;
    let brokenCount = 0;
    for (let i = 0; i < 1500; i++) {
      const change = pick([null, ...namesOf(rules), ...namesOf(assumptions)]);
      const scenario = parseScenario(
        pick([
          'absent: add, read | remove, read | add, read',
          'present: remove, add | delete, read | read',
          'present: remove, read | remove, add | delete',
        ]),
      );
      const steps: Step[] = [];
      for (let state = stateAtFirst(scenario), broken = false; !broken;) {
        const next = [...stepsFrom(state, { scenario, change })];
        if (next.length === 0 || steps.length === 30) break;
        steps.push(pick(next));
        state = steps.at(-1)!.state;
        broken = state.checker.explanations.length === 0;
        if (broken) brokenCount++;
        const { ok } = checkPair(historyOf(scenario, steps), scenario.initially);
        expect(ok, `without ${change ?? 'nothing'}, SEED=${seed}\n${draw(scenario, steps)}`).to.equal(!broken);
      }
    }
    expect(brokenCount).to.be.above(10);
  });

  it('has all its drawings in docs/argument.md (update them with: npm run model -- --write)', async () => {
    const text = await readDocument();
    expect(drawingsIn(text)).to.have.members([...namesOf(rules), ...namesOf(assumptions)]);
    expect(text).to.equal(withDrawings(text));
  });
});
