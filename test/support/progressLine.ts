/** Shows the progress of a run: on a terminal one line that is updated, elsewhere a new line every 10 s. */
export function startProgressLine(line: () => string): { show: () => void; stop: () => void } {
  const { isTTY } = process.stdout;
  const show = () => void process.stdout.write(isTTY ? `\r\x1b[K${line()}` : `${line()}\n`);
  const timer = setInterval(show, isTTY ? 250 : 10_000);
  return {
    show,
    stop: () => {
      clearInterval(timer);
      if (isTTY) process.stdout.write('\r\x1b[K');
    },
  };
}
