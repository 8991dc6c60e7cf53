import { expect } from 'chai';
import * as attendance from '../attendance.ts';
import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';

describe('the mutations', function () {
  this.timeout(60_000);

  // they are patches of text, which a change of the code may break
  for (const mutation of mutations)
    it(`can be made: ${mutation.name}`, async () => {
      const mutant = await mutate(mutation);
      expect(mutant).to.include.all.keys(Object.keys(attendance));
    });
});
