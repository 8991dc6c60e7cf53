/** Between two reports, in milliseconds. */
const everyMs = 10_000;

/**
 * Makes a function to call for each event of a kind that comes when there is too much to do already. It reports the
 * first one at once, and then at most once in ten seconds.
 * @param report gets the number of events since the last report
 */
export function boundedReport(report: (count: number) => void): () => void {
  let count = 0;
  let reportedAt = -Infinity;
  return () => {
    count += 1;
    if (performance.now() - reportedAt < everyMs) return;
    report(count);
    reportedAt = performance.now();
    count = 0;
  };
}
