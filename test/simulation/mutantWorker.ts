import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';
import { seedOf, seedOfHunt } from './seeds.ts';
import { simulate } from './simulate.ts';

/** One mutation, one seed, and the histories after which it is given up. */
export interface Hunt {
  mutation: string;
  seed: number;
  most: number;
}

/** @returns the number of the history that was not as promised; null where all were */
async function untilCaught({ mutation, seed, most }: Hunt): Promise<number | null> {
  const patches = mutations.find(({ name }) => name === mutation);
  if (!patches) throw new Error(`no mutation is called ${mutation}`);
  const code = await mutate(patches);
  for (let i = 0; i < most; i++)
    if ((await simulate({ seed: seedOf(seedOfHunt(seed), i), code })).faults.length > 0) return i + 1;
  return null;
}

process.on('message', (hunt: Hunt) => void untilCaught(hunt).then((count) => process.send?.(count)));
// also in the middle of a hunt: nobody waits for what comes of it
process.once('disconnect', () => process.exit());
