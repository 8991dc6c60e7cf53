import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import { createPool, type ServicePool } from '@attendance/common/database/pool';
import { createTimes } from '@attendance/common/times';
import { isFailure, type Failure } from 'many-to-many';
import { execute, overPool, type Query } from 'many-to-many/copy';
import { authorMigrations } from '@attendance/migrations/author/index';
import { adminConnection, createTestDatabase, dropTestDatabase, type TestDatabase } from './postgres.ts';
import { TcpProxy } from './tcpProxy.ts';

export const times = createTimes();

/** Creates an author database for the suite, and a pool behind a proxy for each test. */
export function usePool({ poolMax }: { poolMax: number }) {
  let author: TestDatabase;
  let proxy: TcpProxy;
  let pool: ServicePool;
  let query: Query;

  before(async () => {
    author = await createTestDatabase('author', authorMigrations);
  });
  after(() => dropTestDatabase(author));
  beforeEach(async () => {
    proxy = await new TcpProxy(author.serviceRole).start();
    const settings = { ...author.serviceRole, host: '127.0.0.1', port: proxy.port };
    pool = createPool({ ...settings, poolMax, applicationName: 'test' }, times);
    query = overPool(pool);
  });
  afterEach(async () => {
    proxy.thaw();
    await pool.end();
    proxy.stop();
  });

  const run = <Row>(text: string, values: unknown[] = []) =>
    execute<Row>(query, { name: text.slice(0, 60), text, values });
  return {
    run,
    /** Makes PostgreSQL raise an error with this SQLSTATE. */
    raise: (code: string) => run(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${code}'; END $$`),
    /** Returns the process id of a connection's backend. */
    backendPid: async () => (await run<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid,
    /** Resolves once PostgreSQL is executing a statement that contains this text. */
    untilRunning: (part: string) =>
      withClient(adminConnection(), async (client) => {
        const text = `SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND strpos(query, $2) > 0`;
        const values = [author.logical.database, part];
        while ((await client.query(text, values)).rowCount === 0) await sleep(5);
      }),
    get author() {
      return author;
    },
    get proxy() {
      return proxy;
    },
    get pool() {
      return pool;
    },
    get query() {
      return query;
    },
  };
}

/** Returns the failure with which a promise is rejected. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => {
      throw new Error('the statement succeeded');
    },
    (cause: unknown) => cause,
  );
  if (isFailure(error)) return error;
  throw error;
}

/** Terminates the backend of a connection. */
export const terminateBackend = (pid: number) =>
  withClient(adminConnection(), (client) => client.query(`SELECT pg_terminate_backend(${pid})`));
