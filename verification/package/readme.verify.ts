import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { installReadmeProgram, type ReadmeProgram } from '../../test/package/program.ts';

describe("the tests in the package's README", function () {
  let program: ReadmeProgram;
  before(async () => {
    program = await installReadmeProgram();
  });
  after(() => program.remove());

  it("pass: the package's conformance suite", async () => {
    const { url } = await program.start('student-service.js');
    await runTests('student-copy.test.js', { STUDENT_SERVICE: url });
  });

  it('pass: a short simulation', () => runTests('simulation.test.js'));

  /** Runs a file of the README with the test runner of Node. */
  async function runTests(file: string, more: Record<string, string> = {}): Promise<void> {
    const env = { PATH: process.env.PATH, ...program.environment, ...more };
    const args = ['--test', '--test-reporter', 'tap', file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: program.folder, env }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout.split('\n').filter((line) => /^\s*not ok /.test(line))).to.be.empty;
    expect(Number(/^# pass (\d+)$/m.exec(stdout)![1])).to.be.greaterThan(30);
    expect(stdout).to.match(/^# skipped 0$/m);
  }
});
