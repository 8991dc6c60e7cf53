import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { chownSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import { freePort } from '@attendance/local/processes/ports';
import { expect } from 'chai';
import pg from 'pg';
import { eventually } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { readMetric } from '../../test/support/metrics.ts';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { adminConnection } from '../../test/support/postgres.ts';
import type { ServiceProcess, LogLine } from '../../test/support/process.ts';
import { reconcileByHand } from '../../test/support/reconcile.ts';
import { serviceToken, startSystem, useSystem, type System } from '../../test/support/system.ts';

/*
 * What docs/operating.md says of a process that runs out of something, row by row: provoked for a real process, with the
 * real limit wherever a process can have one of its own.
 */

const main = fileURLToPath(new URL('../../services/gateway/dist/main.js', import.meta.url));
const moduleOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

/** A gateway with a standard output that a test chooses, and without owner services. */
async function startGateway(
  stdout: 'pipe' | number,
  more: Record<string, string> = {},
  args: string[] = [],
  command: string[] = [],
) {
  const [port, managementPort] = [await freePort(), await freePort()];
  const argv = [...command, process.execPath, ...args, main];
  const child = spawn(argv[0]!, argv.slice(1), {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      SERVICE_TOKEN: serviceToken,
      RECONCILE: 'false',
      AUTHOR_SERVICE_URL: 'http://127.0.0.1:1',
      CONFERENCE_SERVICE_URL: 'http://127.0.0.1:1',
      ...more,
    },
    stdio: ['ignore', stdout, 'pipe'],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  return { child, url, managementUrl, logs: [] as LogLine[] };
}

let children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
});

type Gateway = Awaited<ReturnType<typeof startGateway>>;
const metric = (gateway: Gateway, name: string) => readMetric(gateway as unknown as ServiceProcess, name);
const alive = async ({ managementUrl }: Gateway) => {
  const { status } = await fetch(`${managementUrl}/healthz`, { signal: AbortSignal.timeout(30_000) });
  expect(status).to.equal(200);
};
const answers = async ({ url }: Gateway) => {
  expect((await fetch(`${url}/author`, { signal: AbortSignal.timeout(30_000) })).status).to.equal(503);
};

describe('a log that cannot be written', () => {
  async function expectServes(gateway: Gateway): Promise<void> {
    await eventually(() => alive(gateway));
    await answers(gateway);
    await eventually(async () => void expect(await metric(gateway, 'log_lines_dropped_total')).to.be.above(0));
    await answers(gateway);
    await alive(gateway);
    gateway.child.kill('SIGTERM');
    const [code] = (await once(gateway.child, 'exit')) as [number | null];
    expect(code).to.equal(0);
  }

  it('because the disk is full: the service serves, counts the lines, and stops in order', async () => {
    await expectServes(await startGateway(openSync('/dev/full', 'w'), { DRAIN: 'false' }));
  });

  it('because the reader of the pipe is gone: the same', async () => {
    const gateway = await startGateway('pipe', { DRAIN: 'false' });
    await once(gateway.child.stdout!, 'data');
    gateway.child.stdout!.destroy();
    await expectServes(gateway);
  });

  it('because nobody reads the pipe: the same, in bounded memory', async () => {
    const gateway = await startGateway('pipe', { DRAIN: 'false' });
    gateway.child.stdout!.pause();
    await eventually(() => alive(gateway));
    // each refused request is a line with an error and its stack; together they are more than what may wait
    while ((await metric(gateway, 'log_lines_dropped_total')) === 0)
      await Promise.all(Array.from({ length: 20 }, () => answers(gateway)));
    await expectServes(gateway);
  });
});

describe('a port', () => {
  it('that is taken: one line, and exit code 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { child } = await startGateway('pipe', { PORT: String(port) });
    const written = text(child.stderr!);
    const [code] = (await once(child, 'exit')) as [number | null];
    const errors = await written;
    taken.close();
    expect(code).to.equal(1);
    expect(errors).to.equal(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
  });
});

describe('an error that nobody handles', () => {
  for (const [what, source] of [
    ['thrown', 'throw new Error("late")'],
    ['of a promise', 'Promise.reject(new Error("late"))'],
  ] as const)
    it(`${what}, is one fatal line, and exit code 1`, async () => {
      const late = moduleOf(`process.on('SIGUSR2', () => { ${source}; });`);
      const { child, ...gateway } = await startGateway('pipe', {}, ['--import', late]);
      await eventually(() => alive({ child, ...gateway }));
      const output = text(child.stdout!);
      child.kill('SIGUSR2');
      const [code] = (await once(child, 'exit')) as [number | null];
      const lines = (await output).trim().split('\n');
      const fatal = lines.map((line) => JSON.parse(line) as LogLine).filter(({ level }) => level === 60);
      expect([code, fatal.map(({ msg }) => msg)]).to.deep.equal([1, ['an error was not handled']]);
    });
});

describe('memory', () => {
  it('that runs out ends the process with an error, not with half an answer', async () => {
    // a leak, faster than the heap can grow
    const leak = moduleOf(`const kept = []; process.on('SIGUSR2', () =>
      setInterval(() => kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i }))), 1));`);
    const gateway = await startGateway('pipe', {}, ['--max-old-space-size=64', '--import', leak]);
    await eventually(() => alive(gateway));
    const errors = text(gateway.child.stderr!);
    gateway.child.kill('SIGUSR2');
    const [code, signal] = (await once(gateway.child, 'exit')) as [number | null, string | null];
    expect(code === 134 || signal === 'SIGABRT').to.equal(true);
    expect(await errors).to.include('heap out of memory');
  });
});

describe('file descriptors', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false' } });

  it('that run out: new connections are closed, calls are certainly not executed, and the service recovers', async () => {
    const { event, author } = await populate(client);
    const { gateway } = system.processes;
    const kept = createClient({ gateway: gateway.url });
    expect((await kept.request('GET', '/openapi.json')).status).to.equal(200);
    // until the gateway has closed its idle connections to the owner services
    await sleep(5_000);
    const used = readdirSync(`/proc/${gateway.pid}/fd`).map(Number);
    const limit = Math.max(...used) + 1;
    const [, hard] = execFileSync('prlimit', [
      '--pid',
      String(gateway.pid),
      '--nofile',
      '--raw',
      '--noheadings',
      '-oSOFT,HARD',
    ])
      .toString()
      .trim()
      .split(/\s+/);
    execFileSync('prlimit', ['--pid', String(gateway.pid), `--nofile=${limit}:${hard}`]);
    const sockets: Socket[] = [];
    const { hostname, port } = new URL(gateway.url);
    for (let i = 0; i < 2 * limit; i += 1)
      sockets.push(
        connect(Number(port), hostname)
          .on('error', () => undefined)
          .resume(),
      );
    try {
      await eventually(() => {
        expect(readdirSync(`/proc/${gateway.pid}/fd`)).to.have.length.at.least(limit - 2);
      });
      const reply = await kept.addAttendance(event.id, author.id);
      expect([reply.status, reply.problem?.code]).to.deep.equal([503, 'not_executed']);
    } finally {
      execFileSync('prlimit', ['--pid', String(gateway.pid), `--nofile=${hard}:${hard}`]);
      for (const socket of sockets) socket.destroy();
    }
    await eventually(async () => void expect((await client.addAttendance(event.id, author.id)).status).to.equal(201));
    kept.close();
  });
});

describe('connections to the database', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false' } });

  it('that run out: 503, not ready with the reason, alive; and all is well when there are some again', async () => {
    const { event, author } = await populate(client);
    const { serviceRole } = system.databases.author;
    const role = pg.escapeIdentifier(serviceRole.user);
    const asAdmin = (...statements: string[]) =>
      withClient(adminConnection(), async (admin) => {
        for (const statement of statements) await admin.query(statement);
      });
    await asAdmin(
      `ALTER ROLE ${role} CONNECTION LIMIT 0`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${pg.escapeLiteral(serviceRole.user)}`,
    );
    const { managementUrl } = system.processes.author;
    await eventually(async () => {
      const answer = await fetch(`${managementUrl}/readyz`);
      expect([answer.status, ((await answer.json()) as { reason: string }).reason]).to.deep.equal([
        503,
        `database: too many connections for role "${serviceRole.user}"`,
      ]);
    });
    const reply = await client.addAttendance(event.id, author.id);
    expect([reply.status, reply.problem!.code]).to.deep.equal([503, 'not_executed']);
    expect((await fetch(`${managementUrl}/healthz`)).status).to.equal(200);
    await asAdmin(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    await eventually(async () => void expect((await client.addAttendance(event.id, author.id)).status).to.equal(201));
  });
});

describeWith('unshare', "the disk of a copy's table", () => {
  let server: OwnServer;
  let system: System;
  let disk: string;
  before(async () => {
    server = new OwnServer();
    await server.start();
    const admin = () => server.admin;
    disk = join(server.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    const { uid, gid } = statSync(server.folder);
    mkdirSync(join(disk, 'tables'));
    chownSync(join(disk, 'tables'), uid, gid);
    system = await startSystem({ direct: true, admin, environment: { RECONCILE: 'false' } });
    const { database } = system.databases.author.serviceRole;
    await withClient({ ...server.admin, database }, async (client) => {
      await client.query(`CREATE TABLESPACE small LOCATION '${join(disk, 'tables')}'`);
      await client.query('ALTER TABLE attendance SET TABLESPACE small');
    });
  });
  after(async () => {
    await system.stop();
    await server.stop();
    execFileSync('umount', [disk]);
    await server.remove();
  });

  it('that is full: an add is unknown, reads and the reconciler work; and all is well when there is room again', async () => {
    const client = createClient({ gateway: system.gateway });
    const { event, author } = await populate(client);
    const add = async () => {
      const { status, problem } = await client.addAttendance(event.id, author.id);
      return [status, problem?.code];
    };
    const junk = join(disk, 'junk');
    expect(() => writeFileSync(junk, Buffer.alloc(2 * 1024 * 1024))).to.throw('ENOSPC');
    // PostgreSQL's class 53 proves no rollback
    expect(await add()).to.deep.equal([504, 'outcome_unknown']);
    expect((await client.listAuthorAttendance(author.id)).body!.events).to.deep.equal([]);
    expect((await fetch(`${system.processes.author.managementUrl}/readyz`)).status).to.equal(200);
    const { code, output } = await reconcileByHand({ processes: system.processes }, '--dry-run');
    expect(code, output).to.equal(0);
    rmSync(junk);
    expect(await add()).to.deep.equal([201, undefined]);
    client.close();
  });
});

describeWith('unshare', 'the threads that look up names', () => {
  it('that all wait for a name server which does not answer: 503 in time, alive, and logging', async () => {
    const silent = createSocket('udp4').bind(53, '127.0.0.77');
    await once(silent, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'attendance-dns-'));
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.77\n');
    const command = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const gateway = await startGateway(
      'pipe',
      { AUTHOR_SERVICE_URL: 'http://author-service.example:8070' },
      [],
      [...['unshare', '--mount', 'sh', '-c', command, join(folder, 'resolv.conf')]],
    );
    let output = '';
    gateway.child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    try {
      await eventually(() => alive(gateway));
      const began = performance.now();
      await Promise.all(Array.from({ length: 50 }, () => answers(gateway)));
      expect(performance.now() - began).to.be.below(5_000);
      // lookups have threads of their own among those that also write the log
      await eventually(() => void expect(output.match(/"status":503/g)).to.have.length(50), { within: 5_000 });
      await alive(gateway);
    } finally {
      silent.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the clock of the gateway', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false' } });

  for (const [what, seconds] of [
    ['ahead', 60],
    ['behind', -60],
  ] as const)
    it(`that steps is ${what}: adds are certainly not executed, and log, metric and readiness name the clock`, async () => {
      const { event, author } = await populate(client);
      const { gateway } = system.processes;
      await gateway.stop();
      const step = moduleOf(`const now = Date.now; Date.now = () => now() + ${seconds * 1_000};`);
      await gateway.start({ NODE_OPTIONS: `--import=${step}` });
      await eventually(async () => {
        const answer = await fetch(`${gateway.managementUrl}/readyz`);
        expect(answer.status).to.equal(503);
        expect(await answer.text()).to.match(seconds > 0 ? /59\.\d s behind|60\.0 s behind/ : /(59|60)\.\d s ahead of/);
      });
      expect(
        await readMetric(gateway, 'downstream_mismatch', { downstream: 'author-service', what: 'clock' }),
      ).to.equal(1);
      const reply = await client.addAttendance(event.id, author.id);
      expect([reply.status, reply.problem!.code]).to.deep.equal([503, 'not_executed']);
      await gateway.stop();
      await gateway.start({ NODE_OPTIONS: '' });
      await eventually(async () => void expect((await client.addAttendance(event.id, author.id)).status).to.equal(201));
    });
});
