import { seedOf, seedOfHunt } from '../seeds.ts';
import { simulate } from '../simulate.ts';
import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';

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
  for (let i = 0; i < most; i++) {
    const { faults, threw } = await simulate({ seed: seedOf(seedOfHunt(seed), i), code });
    // the change has broken the code, and not a rule
    if (threw) throw new Error(`"${mutation}" throws: ${faults.join('\n')}`);
    if (faults.length > 0) return i + 1;
  }
  return null;
}

process.on('message', (hunt: Hunt) => {
  untilCaught(hunt).then(
    (count) => process.send?.(count),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.disconnect();
    },
  );
});
// also in the middle of a hunt: nobody waits for what comes of it
process.once('disconnect', () => process.exit());
