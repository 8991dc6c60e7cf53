/** One mutation, one seed, and the histories after which the hunt ends. */
export interface Hunt {
  mutation: string;
  seed: number;
  most: number;
}

/** Gives the seed of the run in which a mutation is hunted for: far from those of the other hunts. */
export function seedOfHunt(seed: number): number {
  return seed * 1_000_003;
}
