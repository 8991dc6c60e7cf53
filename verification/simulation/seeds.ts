/** The seed of a history of a run; that of the first is the run's own, so that any history can be run alone. */
export function seedOf(run: number, history: number): number {
  return (run + Math.imul(history, 0x9e3779b1)) >>> 0;
}

/** The seed of the run in which a mutation is hunted for: far from those of the other hunts. */
export function seedOfHunt(seed: number): number {
  return seed * 1_000_003;
}
