import { setTimeout as sleep } from 'node:timers/promises';
import { poolSettings, type Pool, type Session } from 'many-to-many/copy';
import pg from 'pg';
import { Gauge } from 'prom-client';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import { checkSession } from './checkSession.ts';
import { clientOf, isInvalidPassword } from './client.ts';
import { connectionTo, type DatabaseSettings } from './settings.ts';

const passwordPollMs = 50;

interface PoolSettings extends DatabaseSettings {
  /** The largest number of connections. */
  poolMax: number;
  /** What PostgreSQL shows of a connection in pg_stat_activity. */
  applicationName: string;
}

/**
 * Makes a service's pool of connections. Every step is bounded: making a connection, a statement at the server, its
 * answer; and the life of a connection. Nothing is connected before the first query.
 */
export function createPool(settings: PoolSettings, times: Times): ServicePool {
  // while a password file and PostgreSQL differ, as long as a statement waits
  const patienceMs = settings.passwordFile ? times.callMs : 0;
  return new ServicePool(() => createPgPool(settings, times), { patienceMs });
}

function createPgPool({ poolMax, applicationName, ...settings }: PoolSettings, times: Times): pg.Pool {
  const options = {
    ...connectionTo(settings),
    Client: clientOf(settings),
    application_name: applicationName,
    max: poolMax,
    // so that a request after a quiet while does not wait for a connection
    min: 1,
    ...poolSettings(times),
    // a pooler takes no parameters of a session: its role has them
    ...(settings.pooler && { options: undefined }),
    onConnect: async (client: Session) => {
      await checkSession(client, settings);
      // Read when the connection is handed over, which is next. Connections that were made together do not end together.
      pool.options.maxLifetimeSeconds = (times.connectionLifeMs / 1000) * (1 - Math.random() / 5);
    },
  };
  const pool = new pg.Pool(options);
  return pool;
}

/** A pool that can be replaced, so that none of its connections is used again. */
export class ServicePool implements Pool {
  readonly #create: () => pg.Pool;
  readonly #listeners: Parameters<Pool['on']>[] = [];
  readonly #ending = new Set<Promise<void>>();
  readonly #patienceMs: number;
  #pool: pg.Pool;

  constructor(create: () => pg.Pool, { patienceMs }: { patienceMs: number }) {
    this.#create = create;
    this.#patienceMs = patienceMs;
    this.#pool = create();
  }

  /** Gives a connection. Tries again while PostgreSQL refuses the password: it is being changed. */
  async connect(): Promise<pg.PoolClient> {
    const deadline = performance.now() + this.#patienceMs;
    for (;;) {
      try {
        return await this.#pool.connect();
      } catch (error) {
        if (!isInvalidPassword(error) || performance.now() > deadline) throw error;
        await sleep(passwordPollMs);
      }
    }
  }

  on(...listener: Parameters<Pool['on']>): void {
    this.#listeners.push(listener);
    this.#pool.on(...listener);
  }

  /** Makes a connection if there is none, so that no request waits for the first one. */
  warm(): void {
    if (this.totalCount > 0) return;
    this.connect().then(
      (client) => client.release(),
      // a request that needs one will say why
      () => undefined,
    );
  }

  /** Closes every connection: the idle ones now, the others when their statements are done. */
  renew(): void {
    const old = this.#pool;
    this.#pool = this.#create();
    for (const listener of this.#listeners) this.#pool.on(...listener);
    const ended = old.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  async end(): Promise<void> {
    await Promise.all([this.#pool.end(), ...this.#ending]);
  }

  get totalCount(): number {
    return this.#pool.totalCount;
  }

  get idleCount(): number {
    return this.#pool.idleCount;
  }

  get waitingCount(): number {
    return this.#pool.waitingCount;
  }
}

/** Shows how much of the pool is in use, and how many queries wait for it. */
export function observePool(pool: ServicePool, metrics: Metrics): void {
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
