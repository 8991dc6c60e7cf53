import { availableParallelism } from 'node:os';
import { seedOfHunt } from './hunt.ts';
import { huntAll, isRight, most } from './hunts.ts';
import { mutations } from './mutations.ts';

/** Two of the five with which `npm run mutants` hunts. */
const seeds = [1, 2];

describe('the simulation', () => {
  let hunted: ReturnType<typeof huntAll> = [];

  before(() => {
    hunted = huntAll(seeds, availableParallelism());
  });

  for (const [i, { name, harmless }] of mutations.entries())
    it(`${harmless ? 'does not flag' : 'notices'}: ${name}`, async () => {
      const { mutation, caught } = hunted[i]!;
      const counts = await caught;
      if (isRight(mutation, counts)) return;
      const repeat = seeds.map(
        (seed, i) =>
          `${counts[i] ?? 'never'} with: npm run simulate -- --histories ${most} --seed ${seedOfHunt(seed)} --mutation '${name}'`,
      );
      throw new Error(`${harmless ? 'flagged' : 'caught'} in history\n${repeat.join('\n')}`);
    });
});
