import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import { startPostgres } from '@attendance/local/postgres';
import { startTemporaryPostgres } from '@attendance/local/postgres/temporary';
import { freePort, isTaken } from '@attendance/local/processes/ports';
import { processes } from '@attendance/local/processes/table';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

function ask(connectionString: string, query: string): Promise<unknown> {
  return withClient({ connectionString }, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(query);
    return Object.values(rows[0]!)[0];
  });
}

/** The setting by which the processes of a data folder are found. */
const whereItsDataIs = 'SHOW attendance.data_folder';

describe('embedded PostgreSQL', () => {
  it('starts with the same language and time zone everywhere, and leaves nothing behind when it is stopped', async () => {
    const postgres = await startTemporaryPostgres();
    const folder = dirname(String(await ask(postgres.url, whereItsDataIs)));
    expect(existsSync(folder)).to.equal(true);
    expect(await ask(postgres.url, `SELECT datcollate FROM pg_database WHERE datname = 'template0'`)).to.equal('C');
    expect(await ask(postgres.url, 'SHOW server_encoding')).to.equal('UTF8');
    expect(await ask(postgres.url, 'SHOW timezone')).to.equal('UTC');
    await postgres.stop();
    expect(existsSync(folder)).to.equal(false);
    expect(await isTaken(postgres.port)).to.equal(false);
  });

  it('requires the password', async () => {
    const postgres = await startTemporaryPostgres();
    try {
      const url = postgres.url.replace(postgres.password, 'wrong');
      const failure: unknown = await ask(url, 'SELECT 1').catch((error: unknown) => error);
      expect(failure).to.have.property('code', '28P01');
    } finally {
      await postgres.stop();
    }
  });

  /** The stages of a first start, as seen from outside. */
  const stages: Record<string, (options: { dataFolder: string }) => boolean> = {
    'initdb has been started': ({ dataFolder }) => namesBeside(dataFolder).some((name) => name.endsWith('.new')),
    'initdb has started a PostgreSQL': ({ dataFolder }) => workingIn(dirname(dataFolder)).length > 0,
    'the data folder is there': ({ dataFolder }) => existsSync(dataFolder),
    'the server has been started': ({ dataFolder }) => existsSync(join(dataFolder, 'postmaster.pid')),
  };
  for (const [stage, isReached] of Object.entries(stages))
    it(`leaves nothing running if its first start is aborted when ${stage}`, async () => {
      const { folder, options } = await fresh();
      const abort = new AbortController();
      const over = new AbortController();
      const start = startPostgres({ ...options, signal: abort.signal })
        .then((postgres) => postgres.stop())
        .catch((error: unknown) => expect(error).to.have.property('name', 'AbortError'))
        .finally(() => over.abort());
      while (!isReached(options) && !over.signal.aborted) await sleep(1);
      abort.abort();
      await start;
      expect(workingIn(folder)).to.deep.equal([]);
      rmSync(folder, { recursive: true });
    });

  it('starts although a killed start left initdb running', async () => {
    const { folder, options } = await fresh();
    const script = `
      const { startPostgres } = await import('@attendance/local/postgres');
      await startPostgres(${JSON.stringify(options)});
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, stdio: 'inherit' });
    while (workingIn(folder).length === 0) await sleep(5);
    child.kill('SIGKILL');
    const postgres = await startPostgres(options);
    expect(await ask(postgres.url, 'SHOW server_encoding')).to.equal('UTF8');
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });

  it('ends if the test that started it is killed', async () => {
    const script = `
      const { startTemporaryPostgres } = await import('@attendance/local/postgres/temporary');
      process.stdout.write((await startTemporaryPostgres()).url);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(child.stdout, 'data')) as [Buffer];
    const folder = dirname(String(await ask(url.toString(), whereItsDataIs)));
    child.kill('SIGKILL');
    await gone(folder);
    expect(await isTaken(Number(new URL(url.toString()).port))).to.equal(false);
  });
});

/** Makes a folder for a PostgreSQL and its log, and the options to start it with. */
async function fresh() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'attendance-postgres-')));
  const [dataFolder, log] = [join(folder, 'postgres'), join(folder, 'postgres.log')];
  return { folder, options: { dataFolder, log, password: 'test', port: await freePort() } };
}

const namesBeside = (path: string) => readdirSync(dirname(path));

/** Lists the processes whose current folder is in a folder. */
function workingIn(folder: string): number[] {
  const there = (pid: number) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  };
  return processes()
    .map(({ pid }) => pid)
    .filter(there);
}

async function gone(folder: string): Promise<void> {
  for (let waited = 0; existsSync(folder); waited += 50) {
    if (waited > 10_000) throw new Error(`${folder} is still there`);
    await sleep(50);
  }
}
