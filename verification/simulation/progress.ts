import { startProgressLine } from '../../test/support/progressLine.ts';

/** Shows the number of simulated histories, and the remaining time. */
export function startProgress(histories: number, countDone: () => number): { stop: () => void } {
  const start = performance.now();
  return startProgressLine(() => {
    const done = countDone();
    const rate = done / ((performance.now() - start) / 1_000);
    const secondsLeft = rate > 0 ? Math.round((histories - done) / rate) : '?';
    const bar = process.stdout.isTTY ? `${'#'.repeat(Math.round((done / histories) * 30)).padEnd(30, '.')} ` : '';
    return `${bar}${done} of ${histories} histories, ${Math.round(rate)}/s, ${secondsLeft} s left`;
  });
}
