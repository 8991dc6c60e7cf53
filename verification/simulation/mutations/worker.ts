import { seedOf } from 'many-to-many/testing';
import { seedOfHunt, type Hunt } from './hunt.ts';
import { mutate } from './mutate.ts';
import { faultsWithout, mutations } from './mutations.ts';

/** @returns the number of the first history that breaks a promise; null if none does */
async function untilCaught({ mutation, seed, most }: Hunt): Promise<number | null> {
  const patches = mutations.find(({ name }) => name === mutation);
  if (!patches) throw new Error(`no mutation is called ${mutation}`);
  const { simulateAttendance } = await mutate(patches);
  const without = faultsWithout(patches);
  for (let i = 0; i < most; i++) {
    const { faults, threw } = await simulateAttendance({ seed: seedOf(seedOfHunt(seed), i), without });
    // the mutation has broken the code, and no promise
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
// also in the middle of a hunt: nobody waits for its result
process.once('disconnect', () => process.exit());
