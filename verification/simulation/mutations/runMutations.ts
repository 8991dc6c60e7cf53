import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { mutations, type Mutation } from './mutations.ts';
import type { Hunt } from './hunt.ts';

/** Histories within which every mutation has to be caught, whatever the seed. */
export const most = 20_000;

/** Each mutation is hunted once for each seed. */
export const seeds = [1, 2];

/** For each seed, the number of the history in which the mutation was caught; null if it never was. */
export type Caught = (number | null)[];

/** Hunts for each mutation with each seed, in so many processes. @returns the result of each mutation, in order */
export function huntAll(processes: number): { mutation: Mutation; caught: Promise<Caught> }[] {
  const hunts: { hunt: Hunt; settle: (answer: Promise<number | null>) => void }[] = [];
  const hunted = mutations.map((mutation) => {
    const counts = seeds.map(
      (seed) =>
        new Promise<number | null>((settle) => hunts.push({ hunt: { mutation: mutation.name, seed, most }, settle })),
    );
    return { mutation, caught: Promise.all(counts) };
  });
  // a rejection reaches the caller that waits for it, which may be later
  for (const { caught } of hunted) caught.catch(() => undefined);
  for (let i = 0; i < processes; i++) void work();
  return hunted;

  /** Lets one process hunt until there is no hunt left. */
  async function work(): Promise<void> {
    const worker = fork(resolve(import.meta.dirname, 'worker.ts'));
    for (let next = hunts.shift(); next; next = hunts.shift()) {
      const { hunt, settle } = next;
      const answer = new Promise<number | null>((resolve, reject) => {
        const fail = () => reject(new Error(`the hunt for "${hunt.mutation}" with seed ${hunt.seed} ended early`));
        if (!worker.connected) return fail();
        worker.once('disconnect', fail);
        worker.once('message', (count: number | null) => {
          worker.off('disconnect', fail);
          resolve(count);
        });
        worker.send(hunt);
      });
      settle(answer);
      await answer.catch(() => undefined);
    }
    if (worker.connected) worker.disconnect();
  }
}

/** Whether a harmless mutation was never flagged, or any other always caught. */
export function isRight({ harmless = false }: Mutation, caught: Caught): boolean {
  return caught.length > 0 && caught.every((count) => (count === null) === harmless);
}
