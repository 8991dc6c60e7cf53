import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { mutations, type Mutation } from './mutations.ts';
import type { MutationRun } from './mutationRun.ts';

/** The histories within which every mutation must be caught, for any seed. */
export const maxHistories = 20_000;

export const seeds = [1, 2];

/** For each seed, the number of the history that caught the mutation; null if none did. */
type CaughtAt = (number | null)[];

interface Runs {
  processes: number;
  /** The histories of a harmless mutation, each of which runs; `maxHistories` unless given. */
  ofHarmless?: number;
}

/** Runs each mutation with each seed. @returns the results in the order of mutations */
export function runMutations({ processes, ofHarmless = maxHistories }: Runs): {
  mutation: Mutation;
  caught: Promise<CaughtAt>;
}[] {
  const queue: { run: MutationRun; resolve: (count: Promise<number | null>) => void }[] = [];
  const results = mutations.map((mutation) => {
    const counts = seeds.map(
      (seed) =>
        new Promise<number | null>((resolve) =>
          queue.push({
            run: { mutation: mutation.name, seed, maxHistories: mutation.harmless ? ofHarmless : maxHistories },
            resolve,
          }),
        ),
    );
    return { mutation, caught: Promise.all(counts) };
  });
  // the caller may await a rejected promise later
  for (const { caught } of results) caught.catch(() => undefined);
  for (let i = 0; i < processes; i++) void work();
  return results;

  /** Starts a process, and lets it work until the queue is empty. */
  async function work(): Promise<void> {
    const worker = fork(resolve(import.meta.dirname, 'worker.ts'));
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { run } = next;
      const count = new Promise<number | null>((resolve, reject) => {
        const fail = () => reject(new Error(`the process for "${run.mutation}" with seed ${run.seed} ended early`));
        if (!worker.connected) return fail();
        worker.once('disconnect', fail);
        worker.once('message', (count: number | null) => {
          worker.off('disconnect', fail);
          resolve(count);
        });
        worker.send(run);
      });
      next.resolve(count);
      await count.catch(() => undefined);
    }
    if (worker.connected) worker.disconnect();
  }
}

/** Decides whether a harmless mutation was never caught, or another one was caught with each seed. */
export function isAsExpected({ harmless = false }: Mutation, caught: CaughtAt): boolean {
  return caught.length > 0 && caught.every((count) => (count === null) === harmless);
}
