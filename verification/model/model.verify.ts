import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { checkPair, createRandom } from 'many-to-many/testing';
import { brokenWithout, drawingsIn, readDocument, withDrawings } from './document.ts';
import { draw } from './draw.ts';
import { stateAtFirst, stepsFrom } from './explore.ts';
import { historyOf } from './history.ts';
import { assumptions, namesOf, rules, variants } from './rules.ts';
import { breakable, few, scenario } from './scenarios.ts';
import type { Step } from './state.ts';
import { expectWhole } from './whole.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 32));

describe('the model of the protocol', () => {
  it(`has only linearizable histories in ${few.length} scenarios`, () => {
    const states = few.reduce((sum, small) => sum + expectWhole(small, null), 0);
    // an exploration that stops at once breaks nothing either
    expect(states).to.be.above(50_000);
  });

  for (const name of namesOf(variants))
    it(`has only linearizable histories where ${name}`, () => few.forEach((small) => expectWhole(small, name)));

  for (const name of [...namesOf(rules), ...namesOf(assumptions)])
    it(`breaks in "${breakable[name]}" without: ${name}`, () => {
      const { small, broken } = brokenWithout(name);
      // the histories' checker agrees: the history breaks, and only with its last answer
      const drawing = draw(small, broken);
      expect(checkPair(historyOf(small, broken), small.initially).ok, drawing).to.be.false;
      expect(checkPair(historyOf(small, broken.slice(0, -1)), small.initially).ok, drawing).to.be.true;
    });

  it(`judges random histories as the histories' checker does (SEED=${seed})`, () => {
    const random = createRandom(seed);
    const pick = <T>(items: readonly T[]) => items[random.below(items.length)] as T;
    let found = 0;
    for (let i = 0; i < 1500; i++) {
      const change = pick([null, ...namesOf(rules), ...namesOf(assumptions)]);
      const small = scenario(
        pick([
          'absent: add, read | remove, read | add, read',
          'present: remove, add | delete, read | read',
          'present: remove, read | remove, add | delete',
        ]),
      );
      const steps: Step[] = [];
      for (let state = stateAtFirst(small), broken = false; !broken;) {
        const next = [...stepsFrom(state, { scenario: small, change })];
        if (next.length === 0 || steps.length === 30) break;
        steps.push(pick(next));
        state = steps.at(-1)!.state;
        broken = state.judgement.explanations.length === 0;
        if (broken) found++;
        const { ok } = checkPair(historyOf(small, steps), small.initially);
        expect(ok, `without ${change ?? 'nothing'}, SEED=${seed}\n${draw(small, steps)}`).to.equal(!broken);
      }
    }
    expect(found).to.be.above(10);
  });

  it('has all its drawings in docs/argument.md (update them with: npm run model -- --write)', async () => {
    const text = await readDocument();
    expect(drawingsIn(text)).to.have.members([...namesOf(rules), ...namesOf(assumptions)]);
    expect(text).to.equal(withDrawings(text));
  });
});
