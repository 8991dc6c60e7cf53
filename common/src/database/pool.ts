import { poolSettings } from 'many-to-many/copy';
import pg from 'pg';
import { Gauge } from 'prom-client';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import type { DatabaseSettings } from './settings.ts';

interface PoolSettings extends DatabaseSettings {
  /** The largest number of connections. */
  poolMax: number;
  /** What PostgreSQL shows of a connection in pg_stat_activity. */
  applicationName: string;
}

/**
 * Makes a service's pool of connections. Every step is bounded: getting a connection, a statement at the server, its
 * answer. Nothing is connected before the first query.
 */
export function createPool({ poolMax, applicationName, ...settings }: PoolSettings, times: Times): pg.Pool {
  return new pg.Pool({
    ...settings,
    application_name: applicationName,
    max: poolMax,
    ...poolSettings(times),
  });
}

/** Shows how much of the pool is in use, and how many queries wait for it. */
export function observePool(pool: pg.Pool, metrics: Metrics): void {
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections by state, and queries that wait for one',
    labelNames: ['state'],
    registers: [metrics.registry],
    collect() {
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'free' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
