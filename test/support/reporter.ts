import { reporters, Runner } from 'mocha';

/** Mocha's own report, and a last line that a script can read. */
// eslint-disable-next-line no-restricted-exports -- mocha takes a reporter from its module's default export
export default class Reporter extends reporters.Spec {
  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const skipped = pending > 0 ? `, ${pending} skipped` : '';
      process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`);
    });
  }
}
