import { seedOf } from 'many-to-many/testing';
import { simulateAttendance } from './attendance.ts';
import { mutate } from './mutations/mutate.ts';
import { faultsToLeaveOut, mutations } from './mutations/mutations.ts';

/** The share of one process in a run: the histories `first`, `first + step` and so on. */
export interface Share {
  seed: number;
  histories: number;
  first: number;
  step: number;
  mutation: string | undefined;
}

export interface Progress {
  histories: number;
  operations: number;
  /** The seed of the first history that failed. */
  failed: number | undefined;
}

async function work({ seed, histories, first, step, mutation }: Share): Promise<void> {
  const mutant = mutations.find(({ name }) => name === mutation);
  const simulate = mutant ? (await mutate(mutant)).simulateAttendance : simulateAttendance;
  const without = faultsToLeaveOut(mutant);
  let progress: Progress = { histories: 0, operations: 0, failed: undefined };
  let reported = performance.now();
  for (let i = first; i < histories && progress.failed === undefined; i += step) {
    const simulated = await simulate({ seed: seedOf(seed, i), without });
    progress.histories++;
    for (const history of simulated.histories) progress.operations += history.length;
    if (simulated.faults.length > 0) progress.failed = seedOf(seed, i);
    if (performance.now() - reported < 200) continue;
    process.send?.(progress);
    progress = { histories: 0, operations: 0, failed: undefined };
    reported = performance.now();
  }
  process.send?.(progress, () => process.disconnect());
}

process.once('message', (share: Share) => void work(share));
