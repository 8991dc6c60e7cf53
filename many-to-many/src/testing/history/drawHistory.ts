import type { Operation } from './operation.ts';

/**
 * Draws a history of one pair as text: a line for each process, time from left to right. Only the order of starts and
 * ends is to scale. `>` ends an operation of unknown outcome, `!` marks the one that no order explains.
 *
 *   1  |add done---|      |read present|
 *   2       |remove done-----|
 */
export function drawHistory(history: readonly Operation[], failed?: Operation): string {
  const drawn = [...history].sort((a, b) => a.process - b.process || a.start - b.start);
  const bars = drawn.map((operation) => ({
    operation,
    label: `${operation === failed ? '!' : ''}${operation.kind} ${operation.outcome}`,
    from: operation.start,
    to: operation.end ?? Infinity,
  }));
  const column = columns(bars);
  const width = Math.max(...drawn.map(({ process }) => String(process).length), 0);

  const lines: { process: number; text: string; until: number }[] = [];
  for (const { operation, label, from, to } of bars) {
    const start = column.get(from) ?? 0;
    const end = column.get(to) ?? 0;
    const body = `|${label.padEnd(end - start - 1, '-')}${operation.outcome === 'unknown' ? '>' : '|'}`;
    const line = lines.find(({ process, until }) => process === operation.process && until < from);
    // operations that overlap in one process, as pages of a list may, get a line of their own
    if (line) Object.assign(line, { text: line.text.padEnd(start) + body, until: to });
    else lines.push({ process: operation.process, text: ' '.repeat(start) + body, until: to });
  }
  return lines.map(({ process, text }) => `${String(process).padStart(width)}  ${text}`).join('\n');
}

/** Gives the column of every start and end: in their order, and far enough apart for each label to fit. */
function columns(bars: { label: string; from: number; to: number }[]): Map<number, number> {
  const times = [...new Set(bars.flatMap(({ from, to }) => [from, to]))].sort((a, b) => (a < b ? -1 : 1));
  const column = new Map<number, number>();
  let next = 0;
  for (const time of times) {
    const ending = bars.filter(({ to }) => to === time);
    const needed = ending.map(({ from, label }) => (column.get(from) ?? next) + label.length + 1);
    column.set(time, Math.max(next, ...needed));
    next = (column.get(time) ?? next) + 1;
  }
  return column;
}
