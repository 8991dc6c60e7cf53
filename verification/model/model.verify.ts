import { expect } from 'chai';
import { namesOf, variants } from './rules.ts';
import { few } from './scenarios.ts';
import { expectWhole } from './whole.ts';

describe('the model of the protocol', () => {
  it(`has no history that is not linearizable, in ${few.length} scenarios`, () => {
    const states = few.reduce((sum, small) => sum + expectWhole(small, null), 0);
    // where nothing is explored, nothing breaks
    expect(states).to.be.above(50_000);
  });

  for (const name of namesOf(variants))
    it(`has none either where ${name}`, () => few.forEach((small) => expectWhole(small, name)));
});
