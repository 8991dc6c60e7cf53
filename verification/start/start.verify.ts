import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { componentsOf, freePorts, StartedSystem } from './startedSystem.ts';

describe('start', () => {
  let folder: string;
  let environment: Record<string, string>;
  let systems: StartedSystem[];

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'attendance-start-')));
    const ports = await freePorts();
    environment = {
      DATA_FOLDER: folder,
      AUTHOR_PORT: String(ports),
      CONFERENCE_PORT: String(ports + 1),
      GATEWAY_PORT: String(ports + 2),
      POSTGRES_PORT: String(ports + 3),
    };
  });
  beforeEach(() => (systems = []));

  afterEach(async () => {
    for (const system of systems) {
      system.signal('SIGTERM');
      await system.exited;
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  function start(more: Record<string, string> = {}, how?: { isReadOnly: boolean }): StartedSystem {
    const system = new StartedSystem({ ...environment, ...more }, how);
    systems.push(system);
    return system;
  }

  async function started(more: Record<string, string> = {}): Promise<StartedSystem> {
    const system = start(more);
    await system.ready();
    return system;
  }

  /** Runs the commands of the walk-through, and returns what they print. */
  function paste(system: StartedSystem): string {
    const commands = system.output.split('\n').filter((line) => /^(curl|grep) /.test(line));
    return execFileSync('sh', ['-c', commands.join('\n')], { encoding: 'utf8' });
  }

  it('runs the walk-through that it prints, and leaves nothing running', async () => {
    const system = await started();
    const printed = paste(system);
    expect(printed.match(/ \d{3}$/gm)).to.deep.equal(
      [201, 200, 200, 200, 404, 404, 204, 404].map((status) => ` ${status}`),
    );
    for (const name of ['author', 'conference', 'gateway'])
      for (const id of ['no-such-event', 'no-such-author'])
        expect(printed).to.match(new RegExp(`^\\S*/${name}\\.log:.*${id}`, 'm'));

    expect(componentsOf(folder)).to.have.keys('author', 'conference', 'gateway', 'postgres');
    system.signal('SIGINT');
    expect(await system.exited, system.output).to.equal(0);
    expect(componentsOf(folder)).to.deep.equal({});
  });

  it('refuses to start twice in one data folder', async () => {
    const first = await started();
    const second = start();
    expect(await second.exited, second.output).to.equal(1);
    expect(second.output).to.include(`is already running: stop it with Ctrl-C, or with \`kill ${first.pid}\``);
    expect(componentsOf(folder)).to.have.keys('author', 'conference', 'gateway', 'postgres');
  });

  it('names a port that is in use and what needs it, and starts nothing', async () => {
    const port = Number(environment['CONFERENCE_PORT']);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      const system = start();
      expect(await system.exited, system.output).to.equal(1);
      expect(system.output).to.include(
        `port ${port}, wanted for conference, is in use: CONFERENCE_PORT chooses another`,
      );
      expect(componentsOf(folder)).to.deep.equal({});
    } finally {
      server.close();
    }
  });

  it('shows the log of a service that does not start, and stops the others', async () => {
    const system = start({ LOG_LEVEL: 'whatever' });
    expect(await system.exited, system.output).to.equal(1);
    expect(system.output).to.match(/ended with code 1:\n.*\n *LOG_LEVEL: /);
    expect(componentsOf(folder)).to.deep.equal({});
  });

  for (const [component, name] of [
    ['author', 'author'],
    ['gateway', 'gateway'],
    ['postgres', 'PostgreSQL'],
  ] as const)
    it(`starts ${name} again when it is killed`, async () => {
      const system = await started();
      const before = componentsOf(folder);
      process.kill(before[component]!, 'SIGKILL');
      await system.prints(`${name} is ready again`);
      expect(system.output).to.include(`${name} was killed by SIGKILL: starting it again`);
      const now = componentsOf(folder);
      expect({ ...now, [component]: 0 }).to.deep.equal({ ...before, [component]: 0 });
      expect(now[component]).to.not.equal(before[component]);
      expect(paste(system)).to.match(/ 201$/m);
    });

  it('replaces the processes that a killed start left running, also a frozen one, and keeps the data', async () => {
    const killed = await started();
    killed.signal('SIGKILL');
    await killed.exited;
    const left = componentsOf(folder);
    expect(left).to.have.keys('author', 'conference', 'gateway', 'postgres');
    process.kill(left['author']!, 'SIGSTOP');

    const system = await started();
    const now = componentsOf(folder);
    for (const component of Object.keys(left)) expect(now[component], component).to.not.equal(left[component]);
    expect(system.output.match(/^curl.*/gm)).to.deep.equal(killed.output.match(/^curl.*/gm));
  });

  for (const [component, name] of [
    ['conference', 'conference'],
    ['postgres', 'PostgreSQL'],
  ] as const)
    it(`reports that ${name} is frozen, and stops it nevertheless`, async () => {
      const system = await started();
      const pid = componentsOf(folder)[component]!;
      process.kill(pid, 'SIGSTOP');
      await system.prints(`${name} does not answer: \`kill -CONT ${pid}\` resumes it if it is frozen`);
      process.kill(pid, 'SIGCONT');
      await system.prints(`${name} answers again`);
      process.kill(pid, 'SIGSTOP');
      system.signal('SIGINT');
      expect(await system.exited, system.output).to.equal(0);
      expect(componentsOf(folder)).to.deep.equal({});
    });

  for (const step of ['Starting in', 'gateway listens', 'PostgreSQL listens', 'are up to date', 'author listens'])
    it(`stops while it starts, after "${step}"`, async () => {
      const system = start();
      await system.prints(step);
      system.signal('SIGTERM');
      expect(await system.exited, system.output).to.equal(0);
      expect(componentsOf(folder)).to.deep.equal({});
    });

  describeWith('unshare', 'from a project folder that is read-only after the build', () => {
    it('runs, if its data are elsewhere', async () => {
      const system = start({}, { isReadOnly: true });
      await system.ready();
      expect(paste(system)).to.match(/ 201$/m);
      system.signal('SIGINT');
      expect(await system.exited, system.output).to.equal(0);
    });

    it('says which folder it cannot write to, and starts nothing', async () => {
      const system = start({ DATA_FOLDER: '' }, { isReadOnly: true });
      expect(await system.exited, system.output).to.equal(1);
      expect(system.output).to.match(/cannot write to .*\.data: .* set DATA_FOLDER to another folder/);
    });
  });
});
