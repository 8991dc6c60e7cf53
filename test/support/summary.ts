/** The result of a run of tests. */
export interface Summary {
  passed: number;
  failed: number;
  /** The number of skipped tests, by reason. */
  skipped: Record<string, number>;
}

export function add(one: Summary, other: Summary): Summary {
  const skipped = { ...one.skipped };
  for (const [reason, count] of Object.entries(other.skipped)) skipped[reason] = (skipped[reason] ?? 0) + count;
  return { passed: one.passed + other.passed, failed: one.failed + other.failed, skipped };
}

/** Prints a line for each reason to skip tests, and a last line that a script can parse. */
export function print({ passed, failed, skipped }: Summary): void {
  const reasons = Object.entries(skipped);
  const all = reasons.reduce((sum, [, count]) => sum + count, 0);
  const lines = [
    ...reasons.map(([reason, count]) => `${count} skipped: ${reason}`),
    `${passed} passed, ${failed} failed${all > 0 ? `, ${all} skipped` : ''}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
