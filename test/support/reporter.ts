import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { reporters, Runner, type Test } from 'mocha';
import { reasonIn } from './needs.ts';
import { startProgressLine } from './progressLine.ts';
import { print, type Summary } from './summary.ts';

const { EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_PENDING } = Runner.constants;

interface Options extends Mocha.MochaOptions {
  reporterOptions?: {
    /** Shows now and then which files are not done: they are reported when they are. */
    progress?: boolean;
  };
}

/**
 * Mocha's own report without a line for each test that is skipped, and then a summary: how many were skipped and why,
 * and a last line that a script can read. Where SUMMARY_FILE is set, the summary goes there, for whoever prints it.
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
      const reason = reasonIn(test.fullTitle());
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
  const began = performance.now();
  const left = new Set<string>();
  // the only place where a reporter learns of the files
  const run = runner.run.bind(runner) as (done: unknown, options: { files: string[] }) => Runner;
  runner.run = (done?: unknown, options: { files: string[] } = { files: [] }) => {
    for (const file of options.files) left.add(file);
    return run(done, options);
  };
  runner.on(EVENT_TEST_END, ({ file }: Test) => file && left.delete(file));
  const progress = startProgressLine(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    const names = [...left].map((file) => `${basename(dirname(file))}/${basename(file).replace(/\..*/, '')}`);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  still to come: ${names.join(', ')}`;
  });
  runner.once(EVENT_RUN_BEGIN, () => progress.show());
  runner.once(EVENT_RUN_END, () => progress.stop());
}
