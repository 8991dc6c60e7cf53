import { spawnSync } from 'node:child_process';

/** Programs that not every machine has. */
const programs = {
  helm: ['helm', 'version'],
  promtool: ['promtool', '--version'],
  docker: ['docker', 'buildx', 'version'],
  actionlint: ['actionlint', '-version'],
  localedef: ['localedef', '--version'],
  openssl: ['openssl', 'version'],
} as const;

/**
 * A suite that needs a program. Without it, the suite is skipped, and the run's summary says why; where
 * REQUIRE_<PROGRAM> is 1, it fails.
 */
export function describeWith(program: keyof typeof programs, title: string, body: (this: Mocha.Suite) => void): void {
  const variable = `REQUIRE_${program.toUpperCase()}`;
  if (isThere(program)) describe(title, body);
  else if (process.env[variable] === '1')
    describe(title, () => {
      it(`needs ${program}`, () => {
        throw new Error(`${program} does not run here, and ${variable} is 1`);
      });
    });
  else describe.skip(title + skipped(`${program} does not run here; set ${variable}=1 to fail instead`), body);
}

function isThere(program: keyof typeof programs): boolean {
  const [command, ...args] = programs[program];
  // the client may be there, and nothing that it can talk to
  if (program === 'docker' && spawnSync('docker', ['info']).status !== 0) return false;
  return spawnSync(command, args).status === 0;
}

const skipped = (reason: string) => ` [skipped: ${reason}]`;

/** @returns why a test is skipped, from its whole title: between the processes of a parallel run nothing else is sent */
export function reasonIn(fullTitle: string): string {
  return /\[skipped: (.*?)\]/.exec(fullTitle)?.[1] ?? 'the test says so';
}
