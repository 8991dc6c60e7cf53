import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { reporters, Runner, type Test } from 'mocha';
import { skipReason } from './needs.ts';
import { startProgressLine } from './progressLine.ts';
import { print, type Summary } from './summary.ts';

const { EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_PENDING } = Runner.constants;

interface Options extends Mocha.MochaOptions {
  reporterOptions?: {
    /** Shows which files are still running: a parallel run reports a file only at its end. */
    progress?: boolean;
  };
}

/**
 * Prints Mocha's spec report without the skipped tests, and then a summary: the number of skipped tests by reason, and a
 * last line that a script can parse. If SUMMARY_FILE is set, the summary goes to that file instead.
 */
// eslint-disable-next-line no-restricted-exports -- mocha takes a reporter from its module's default export
export default class Reporter extends reporters.Spec {
  readonly #skipped: Record<string, number> = {};

  constructor(runner: Runner, options: Options) {
    const before = runner.listeners(EVENT_TEST_PENDING);
    super(runner, options);
    for (const listener of runner.listeners(EVENT_TEST_PENDING))
      if (!before.includes(listener)) runner.off(EVENT_TEST_PENDING, listener as () => void);
    runner.on(EVENT_TEST_PENDING, (test: Test) => {
      const reason = skipReason(test.fullTitle());
      this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
    });
    if (options.reporterOptions?.progress) showProgress(runner);
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const summary: Summary = { passed: passes, failed: failures, skipped: this.#skipped };
      const file = process.env['SUMMARY_FILE'];
      if (file) writeFileSync(file, JSON.stringify(summary));
      else print(summary);
    });
  }
}

function showProgress(runner: Runner): void {
  const start = performance.now();
  const unfinished = new Set<string>();
  // a reporter gets the list of files only here
  const run = runner.run.bind(runner) as (done: unknown, options: { files: string[] }) => Runner;
  runner.run = (done?: unknown, options: { files: string[] } = { files: [] }) => {
    for (const file of options.files) unfinished.add(file);
    return run(done, options);
  };
  runner.on(EVENT_TEST_END, ({ file }: Test) => file && unfinished.delete(file));
  const progress = startProgressLine(() => {
    const seconds = Math.round((performance.now() - start) / 1000);
    const names = [...unfinished].map((file) => `${basename(dirname(file))}/${basename(file).replace(/\..*/, '')}`);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  running: ${names.join(', ')}`;
  });
  runner.once(EVENT_RUN_BEGIN, () => progress.show());
  runner.once(EVENT_RUN_END, () => progress.stop());
}
