/** Gives the seed of a history of a run. The first history has the run's own, so that any can be run alone. */
export function seedOf(run: number, history: number): number {
  return (run + Math.imul(history, 0x9e3779b1)) >>> 0;
}
