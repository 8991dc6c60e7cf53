import { availableParallelism } from 'node:os';
import { seedOfRun } from './mutationRun.ts';
import { isAsExpected, maxHistories, runMutations, seeds } from './runMutations.ts';
import { mutations } from './mutations.ts';

describe('the simulation', () => {
  let results: ReturnType<typeof runMutations> = [];

  before(() => {
    // the others end when they are caught; `npm run mutants` runs all histories of the harmless ones
    results = runMutations({ processes: availableParallelism(), ofHarmless: maxHistories / 4 });
  });

  for (const [i, { name, harmless }] of mutations.entries())
    it(`${harmless ? 'does not catch the harmless mutation' : 'catches'}: ${name}`, async () => {
      const { mutation, caught } = results[i]!;
      const counts = await caught;
      if (isAsExpected(mutation, counts)) return;
      const repeat = seeds.map(
        (seed, i) =>
          `${counts[i] ?? 'never'} with: npm run simulate -- --histories ${maxHistories} --seed ${seedOfRun(seed)} --mutation '${name}'`,
      );
      throw new Error(`${harmless ? 'flagged' : 'caught'} in history\n${repeat.join('\n')}`);
    });
});
