import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@attendance/local/processes/ports';
import { expect } from 'chai';
import { installPackage, type Installed } from '../../test/package/install.ts';
import { writeReadmeFiles } from '../../test/package/program.ts';
import { commandsOf } from '../../test/support/commands.ts';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';

/** A shell that a reader pastes commands into. */
class Terminal {
  output = '';
  readonly #shell: ChildProcess;

  constructor(cwd: string, env: Record<string, string | undefined>) {
    // a group of its own, with all that it starts in the background
    this.#shell = spawn('bash', ['--norc'], { cwd, env, detached: true, stdio: 'pipe' });
    for (const stream of [this.#shell.stdout, this.#shell.stderr])
      stream!.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
  }

  /** Runs commands, and waits until they have ended and their output, with that of programs in the background, matches. */
  async paste(commands: string, ...expected: RegExp[]): Promise<void> {
    const before = this.output.length;
    const done = `done-${before}`;
    this.#shell.stdin!.write(`${commands}\necho ${done}\n`);
    const deadline = performance.now() + 60_000;
    for (const pattern of [new RegExp(done), ...expected])
      while (!pattern.test(this.output.slice(before))) {
        if (performance.now() > deadline) throw new Error(`${commands}\nprinted no ${pattern.source}:\n${this.output}`);
        await sleep(20);
      }
  }

  async close(): Promise<void> {
    process.kill(-this.#shell.pid!, 'SIGKILL');
    await once(this.#shell, 'close');
  }
}

describeWith('psql', 'commands of many-to-many/README.md, typed as they are', () => {
  const server = new OwnServer();
  let installed: Installed;
  let terminal: Terminal;
  let ports: Record<string, string>;

  /** Replaces the ports of the document by free ones. */
  const withPorts = (text: string) => text.replace(/\b400[0-2]\b/g, (port) => ports[port]!);

  before(async () => {
    ports = {};
    for (const port of ['4000', '4001', '4002']) ports[port] = String(await freePort());
    installed = await installPackage(['zod', 'pg']);
    writeReadmeFiles(installed.folder, withPorts);
    await server.start();
    const { host, port, user, password } = server.admin;
    const libpq = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password };
    terminal = new Terminal(installed.folder, { PATH: process.env.PATH, HOME: installed.folder, ...libpq });
    // it would need the network; the package is installed already
    await terminal.paste('npm() { case $1 in install) echo "installed $*" ;; *) command npm "$@" ;; esac; }');
  });
  after(async () => {
    await terminal.close();
    await server.remove();
    installed.remove();
  });

  it('run the program, break it and mend it', async () => {
    const [start = '', create = '', kill = '', again = '', repeat = '', read = '', ...others] = commandsOf(
      'many-to-many/README.md',
      '## Run it',
    ).map(withPorts);
    expect(others).to.deep.equal([]);
    const listening = (port: string) => new RegExp(`listening on ${ports[port]!}`);
    await terminal.paste(start, /installed install many-to-many/, ...['4000', '4001', '4002'].map(listening));
    await terminal.paste(create, /"outcome":"added"/);
    await terminal.paste(kill, /"outcome":"not_executed"/);
    await terminal.paste(again, listening('4002'));
    await terminal.paste(repeat, /"outcome":"added"/);
    await terminal.paste(read, /"title":"Logic".*"name":"(Ada|Alan)".*"name":"(Ada|Alan)"/, /"items":\[{.*"Logic"/);
  });

  it('test a copy', async () => {
    const [test = ''] = commandsOf('many-to-many/README.md', '## Test your own copy');
    // verification/package/readme.verify.ts checks that all of them pass
    await terminal.paste(test, /pass [1-9]/);
  });
});
