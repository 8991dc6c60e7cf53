import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@attendance/common/database/pool';
import { countTimeouts } from '@attendance/common/database/timeouts';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { expect } from 'chai';
import { execute, overPool, type Query } from 'many-to-many/copy';
import { authorMigrations } from '@attendance/migrations/author/index';
import { eventually } from '../../test/support/claims.ts';
import { populate } from '../../test/support/gateway.ts';
import { failureOf, times, usePool } from '../../test/support/pool.ts';
import { createTestDatabase, dropTestDatabase, withOpenTransaction } from '../../test/support/postgres.ts';
import type { ServiceProcess } from '../../test/support/process.ts';
import { useSystem } from '../../test/support/system.ts';

describe('databases that are far away', () => {
  const roundTripMs = 150;
  const { system, client } = useSystem();

  it(`are served from, with a round trip of ${roundTripMs} ms`, async () => {
    for (const proxy of Object.values(system.storage))
      proxy.on(async ({ bytes, pass }) => {
        await sleep(roundTripMs / 2);
        pass(bytes);
      });
    // with connections that are made from there
    await restart(system.processes.author);
    await restart(system.processes.conference);
    const { author, event } = await populate(client);
    expect((await client.addAttendance(event.id, author.id)).status).to.equal(201);
    expect((await client.addAttendance(event.id, author.id)).status).to.equal(200);
    expect((await client.getAttendance(event.id, author.id)).status).to.equal(200);
    expect((await client.listAuthorAttendance(author.id)).status).to.equal(200);
    expect((await client.removeAttendance(event.id, author.id)).status).to.equal(204);
  });

  /** Restarts a service, and waits until it is ready. */
  async function restart(service: ServiceProcess): Promise<void> {
    await service.stop();
    await service.start();
    const readyz = async () => (await fetch(`${service.managementUrl}/readyz`)).status;
    await eventually(async () => void expect(await readyz()).to.equal(200));
  }
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
