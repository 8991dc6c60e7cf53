/** Aligns the columns, the first to the left and the others to the right. */
export function table([head = [], ...rows]: string[][]): string {
  const width = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(width[i] ?? 0) : cell.padStart(width[i] ?? 0))).join('  ');
  return [head, ...rows].map((row) => `  ${line(row).trimEnd()}`).join('\n');
}
