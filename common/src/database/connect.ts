import knex, { type Knex } from 'knex';
import type { Times } from '../times.ts';
import { quiet } from './quiet.ts';
import { connectionTo, type DatabaseSettings } from './settings.ts';

interface PoolSettings extends DatabaseSettings {
  /** Connections at most. */
  poolMax: number;
  /** What PostgreSQL shows of a connection in pg_stat_activity. */
  applicationName: string;
}

/**
 * A service's pool of connections, every step of which is bounded: waiting for a connection, opening one, a
 * statement at the server, its answer. Nothing is connected before the first query; run those through `execute`.
 */
export function createDatabase({ poolMax, applicationName, ...settings }: PoolSettings, times: Times): Knex {
  return knex({
    client: 'pg',
    // known to be enough, so that knex does not ask each server for its version
    version: '15.0',
    connection: {
      ...connectionTo(settings),
      application_name: applicationName,
      connectionTimeoutMillis: times.wait,
      query_timeout: times.downstream,
      options: startupOptions(times),
      keepAlive: true,
    },
    pool: {
      min: 0,
      max: poolMax,
      acquireTimeoutMillis: times.wait,
      createTimeoutMillis: times.downstream,
    },
    log: quiet,
  });
}

/** What a service's sessions run with. */
export function startupOptions(times: Times): string {
  const parameters = {
    statement_timeout: times.statement,
    lock_timeout: times.statement,
    // compiling a statement over a large batch takes longer than running it
    jit: 'off',
  };
  return Object.entries(parameters)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
