import { startProgressLine } from '../../test/support/progressLine.ts';

/** Shows how many histories are done, and how long the rest will take. */
export function startProgress(histories: number, counted: () => number): { stop: () => void } {
  const began = performance.now();
  return startProgressLine(() => {
    const done = counted();
    const rate = done / ((performance.now() - began) / 1_000);
    const left = rate > 0 ? Math.round((histories - done) / rate) : '?';
    const bar = process.stdout.isTTY ? `${'#'.repeat(Math.round((done / histories) * 30)).padEnd(30, '.')} ` : '';
    return `${bar}${done} of ${histories} histories, ${Math.round(rate)}/s, ${left} s left`;
  });
}
