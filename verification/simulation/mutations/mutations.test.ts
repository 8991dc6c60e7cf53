import { expect } from 'chai';
import { realCode } from '../code.ts';
import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';

describe('the mutations', function () {
  this.timeout(60_000);

  // they are patches of texts, which a change of the code may take away from under them
  for (const mutation of mutations)
    it(`can be made: ${mutation.name}`, async () => {
      const code = await mutate(mutation);
      expect(code).to.include.all.keys(Object.keys(realCode));
    });
});
