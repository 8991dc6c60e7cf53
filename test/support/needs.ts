import { spawnSync } from 'node:child_process';

/** Programs that a machine may lack, with a command that succeeds if the program works. */
const programs = {
  helm: ['helm', 'version'],
  promtool: ['promtool', '--version'],
  docker: ['docker', 'buildx', 'version'],
  actionlint: ['actionlint', '-version'],
  // which only root may do
  unshare: ['unshare', '--pid', '--fork', '--mount-proc', 'true'],
  // Debian has the program without the definitions, which are in its package `locales`
  localedef: ['sh', '-c', 'localedef --version && test -e /usr/share/i18n/locales/en_US'],
  openssl: ['openssl', 'version'],
  psql: ['psql', '--version'],
  // where Debian has it, which may be missing on the PATH
  pgbouncer: ['sh', '-c', 'PATH=$PATH:/usr/sbin pgbouncer --version'],
  // as Debian's packages patroni, python3-etcd, etcd-server and postgresql-15 install it
  patroni: [
    'sh',
    '-c',
    'patroni --version && /usr/bin/python3 -c "import etcd" && etcd --version && ls /usr/lib/postgresql',
  ],
} as const;

/**
 * Declares a suite that needs a program. Without the program, the suite is skipped, and the summary of the run gives the
 * reason. If REQUIRE_<PROGRAM> is 1, the suite fails instead.
 */
export function describeWith(program: keyof typeof programs, title: string, body: (this: Mocha.Suite) => void): void {
  const variable = `REQUIRE_${program.toUpperCase()}`;
  if (works(program)) describe(title, body);
  else if (process.env[variable] === '1')
    describe(title, () => {
      it(`needs ${program}`, () => {
        throw new Error(`${program} does not run here, and ${variable} is 1`);
      });
    });
  else describe.skip(`${title} [skipped: ${program} does not run here; set ${variable}=1 to fail instead]`, body);
}

function works(program: keyof typeof programs): boolean {
  const [command, ...args] = programs[program];
  // the client also needs a server
  if (program === 'docker' && spawnSync('docker', ['info']).status !== 0) return false;
  return spawnSync(command, args).status === 0;
}

/**
 * Extracts the reason for which a test is skipped from its full title. Mocha's worker processes report nothing else about
 * a skipped test.
 */
export function skipReason(fullTitle: string): string {
  return /\[skipped: (.*?)\]/.exec(fullTitle)?.[1] ?? 'no reason given';
}
