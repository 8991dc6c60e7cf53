import { realCode } from './code.ts';
import { mutate } from './mutations/mutate.ts';
import { mutations } from './mutations/mutations.ts';
import { seedOf } from './seeds.ts';
import { simulate } from './simulate.ts';

/** What one process of a run does: every `of`th history from `first` on. */
export interface Share {
  seed: number;
  histories: number;
  first: number;
  of: number;
  mutation: string | undefined;
}

export interface Progress {
  histories: number;
  operations: number;
  /** The seed of the first history that failed. */
  failed: number | undefined;
}

async function work({ seed, histories, first, of, mutation }: Share): Promise<void> {
  const mutant = mutations.find(({ name }) => name === mutation);
  const code = mutant ? await mutate(mutant) : realCode;
  let progress: Progress = { histories: 0, operations: 0, failed: undefined };
  let told = performance.now();
  for (let i = first; i < histories && progress.failed === undefined; i += of) {
    const simulated = await simulate({ seed: seedOf(seed, i), code });
    progress.histories++;
    for (const history of simulated.histories) progress.operations += history.length;
    if (simulated.faults.length > 0) progress.failed = seedOf(seed, i);
    if (performance.now() - told < 200) continue;
    process.send?.(progress);
    progress = { histories: 0, operations: 0, failed: undefined };
    told = performance.now();
  }
  process.send?.(progress, () => process.disconnect());
}

process.once('message', (share: Share) => void work(share));
