/** A simulation of one mutation with one seed, until a violation or `maxHistories`. */
export interface MutationRun {
  mutation: string;
  seed: number;
  maxHistories: number;
}

/** Derives the seed of the simulation, so that the histories of different seeds differ. */
export function seedOfRun(seed: number): number {
  return seed * 1_000_003;
}
