/** How a run goes on: a line that changes where somebody watches, one every 10 s elsewhere. */
export function startProgress(histories: number, counted: () => number): { stop: () => void } {
  const began = performance.now();
  const { isTTY } = process.stdout;

  const show = () => {
    const done = counted();
    const rate = done / ((performance.now() - began) / 1_000);
    const left = rate > 0 ? Math.round((histories - done) / rate) : '?';
    const bar = isTTY ? `${'#'.repeat(Math.round((done / histories) * 30)).padEnd(30, '.')} ` : '';
    const line = `${bar}${done} of ${histories} histories, ${Math.round(rate)}/s, ${left} s left`;
    process.stdout.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, isTTY ? 250 : 10_000);

  return {
    stop: () => {
      clearInterval(timer);
      if (isTTY) process.stdout.write('\r\x1b[K');
    },
  };
}
