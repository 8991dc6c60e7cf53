/** The seed of a history of a run; that of the first is the run's own, so that any history can be run alone. */
export function seedOf(run: number, history: number): number {
  return (run + Math.imul(history, 0x9e3779b1)) >>> 0;
}
