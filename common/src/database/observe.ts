import type { Knex } from 'knex';
import { Gauge } from 'prom-client';
import type { Metrics } from '../runtime/metrics.ts';

/** The part of knex's pool (tarn) that is counted here. */
interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

/** Shows how much of the pool is in use, and how many queries wait for it. */
export function observePool(database: Knex, metrics: Metrics): void {
  const pool = (database.client as { pool: Pool }).pool;
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections by state, and queries that wait for one',
    labelNames: ['state'],
    registers: [metrics.registry],
    collect() {
      this.set({ state: 'used' }, pool.numUsed());
      this.set({ state: 'free' }, pool.numFree());
      this.set({ state: 'waiting' }, pool.numPendingAcquires());
    },
  });
}
