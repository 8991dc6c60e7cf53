import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPool } from '@attendance/common/database/pool';
import { countTimeouts } from '@attendance/common/database/timeouts';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { expect } from 'chai';
import { execute, overPool, type Query } from 'many-to-many/copy';
import { authorMigrations } from '@attendance/migrations/author/index';
import { eventually } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { failureOf, times, usePool } from '../../test/support/pool.ts';
import { createTestDatabase, dropTestDatabase, withOpenTransaction } from '../../test/support/postgres.ts';
import { ServiceProcess } from '../../test/support/process.ts';
import { databaseVariables, serviceToken } from '../../test/support/system.ts';
import { TcpProxy } from '../../test/support/tcpProxy.ts';

const main = fileURLToPath(new URL('../../services/author/dist/main.js', import.meta.url));

describe('a database that is far away', () => {
  const oneWayMs = 150;

  it(`is served from, with a round trip of ${2 * oneWayMs} ms`, async () => {
    const database = await createTestDatabase('author', authorMigrations);
    const proxy = await new TcpProxy(database.serviceRole).start();
    proxy.on(async ({ bytes, pass }) => {
      await sleep(oneWayMs);
      pass(bytes);
    });
    const settings = { ...database.serviceRole, host: '127.0.0.1', port: proxy.port };
    const author = new ServiceProcess(main, { ...databaseVariables(settings), SERVICE_TOKEN: serviceToken });
    await author.start();
    const client = createClient({ gateway: author.url });
    try {
      const readyz = async () => (await fetch(`${author.managementUrl}/readyz`)).status;
      await eventually(async () => void expect(await readyz()).to.equal(200), { within: 15_000 });
      const { status } = await client.createAuthor('Ada');
      expect(status).to.equal(201);
      expect((await client.request('GET', '/author')).status).to.equal(200);
    } finally {
      client.close();
      await author.stop();
      proxy.stop();
      await dropTestDatabase(database);
    }
  });
});

describe('a statement that takes too long says which bound was reached', () => {
  const given = usePool({ poolMax: 1 });
  let metrics: ReturnType<typeof createMetrics>;
  let query: Query;
  beforeEach(() => {
    metrics = createMetrics({ service: 'test' });
    query = countTimeouts(given.query, metrics);
  });
  const run = (text: string) => execute(query, { text, values: [] });

  /** The bounds that were reached, and how often. */
  async function counted(): Promise<Record<string, number>> {
    const { values } = await metrics.registry.getSingleMetric('database_timeouts_total')!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [String(labels.bound), value]));
  }

  it('the wait for a connection of the pool', async () => {
    const busy = run('SELECT pg_sleep(1.2)');
    const error = await failureOf(run('SELECT 1'));
    expect(error).to.include({ outcome: 'not_executed' });
    expect(error.message).to.include('(pool wait)').and.include(`${times.waitMs} ms`);
    expect(await counted()).to.deep.equal({ pool_wait: 1 });
    await busy;
  });

  it('the making of a connection', async () => {
    given.proxy.freeze();
    const error = await failureOf(run('SELECT 1'));
    expect(error).to.include({ outcome: 'not_executed' });
    expect(error.message).to.include('(connect)');
    expect(await counted()).to.deep.equal({ connect: 1 });
  });

  it('the statement at the server', async () => {
    const error = await failureOf(run('SELECT pg_sleep(10)'));
    expect(error).to.include({ outcome: 'not_executed' });
    expect(error.message).to.include('(statement)');
    expect(await counted()).to.deep.equal({ statement: 1 });
  });

  it('a lock', async () => {
    await withOpenTransaction(given.author.migrationRole, 'LOCK TABLE authors', [], async () => {
      const error = await failureOf(run('SELECT FROM authors'));
      expect(error).to.include({ outcome: 'not_executed' });
      // both bounds are the same: whichever PostgreSQL sees first
      expect(error.message).to.match(/\((lock|statement)\)/);
    });
  });

  it('the answer', async () => {
    await run('SELECT 1');
    given.proxy.freeze();
    const error = await failureOf(run('SELECT 1'));
    expect(error).to.include({ outcome: 'unknown' });
    expect(error.message).to.include('(answer)');
    expect(await counted()).to.deep.equal({ answer: 1 });
  });
});

describe('the connections of a pool', () => {
  it('end after a while, each at another time, and no statement fails of it', async () => {
    const database = await createTestDatabase('author', authorMigrations);
    const short = { ...times, connectionLifeMs: 1_000 };
    const pool = createPool({ ...database.serviceRole, poolMax: 4, applicationName: 'test' }, short);
    const query = overPool(pool, short);
    const backend = async () => {
      const text = 'SELECT pg_backend_pid() AS pid, pg_sleep(0.01)';
      const [row] = await execute<{ pid: number }>(query, { text, values: [] });
      return row!.pid;
    };
    try {
      const first = new Set(await Promise.all([1, 2, 3, 4].map(backend)));
      let current = first;
      while ([...current].some((pid) => first.has(pid)))
        current = new Set(await Promise.all([1, 2, 3, 4].map(backend)));
    } finally {
      await pool.end();
      await dropTestDatabase(database);
    }
  });
});
