import { seedOf } from 'many-to-many/testing';
import { seedOfRun, type MutationRun } from './mutationRun.ts';
import { mutate } from './mutate.ts';
import { faultsToLeaveOut, mutations } from './mutations.ts';

/** @returns the number of the first history that breaks a promise; null if none does */
async function findViolation({ mutation, seed, maxHistories }: MutationRun): Promise<number | null> {
  const found = mutations.find(({ name }) => name === mutation);
  if (!found) throw new Error(`unknown mutation ${mutation}`);
  const { simulateAttendance } = await mutate(found);
  const without = faultsToLeaveOut(found);
  for (let i = 0; i < maxHistories; i++) {
    const { faults, threw } = await simulateAttendance({ seed: seedOf(seedOfRun(seed), i), without });
    // an exception is no broken promise
    if (threw) throw new Error(`"${mutation}" throws: ${faults.join('\n')}`);
    if (faults.length > 0) return i + 1;
  }
  return null;
}

process.on('message', (run: MutationRun) => {
  findViolation(run).then(
    (count) => process.send?.(count),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.disconnect();
    },
  );
});
// also during a run, whose result is no longer needed
process.once('disconnect', () => process.exit());
