import { availableParallelism } from 'node:os';
import { seedOfHunt } from './hunt.ts';
import { huntAll, isRight, most, seeds } from './hunts.ts';
import { mutations } from './mutations.ts';

describe('the simulation', () => {
  let hunted: ReturnType<typeof huntAll> = [];

  before(() => {
    hunted = huntAll(availableParallelism());
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
