import type { Batches, Operations, Side } from 'many-to-many';
import { overPool, startPurge, type EntityTable, type Query } from 'many-to-many/copy';
import type { Contract } from '../contract/operation.ts';
import { agreementContract, agreementOf } from '../contract/agreement.ts';
import { internalContract } from '../contract/internal.ts';
import { readClock } from '../database/clock.ts';
import { createPool, observePool } from '../database/pool.ts';
import { countTimeouts } from '../database/timeouts.ts';
import { databaseSettings } from '../database/variables.ts';
import { DatabaseWatch } from '../database/watch.ts';
import { createApp } from '../http/app.ts';
import type { Handlers } from '../http/handlers.ts';
import { internalHandlers } from '../http/internal.ts';
import { createTimes, type Times } from '../times.ts';
import { ownerConfig, readConfig, serviceTokens } from './config.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { serve } from './serve.ts';

/** What an owner service is: its entities over HTTP, and its copy of the relation. */
export interface OwnerService<C extends Contract, Table extends Operations> {
  name: 'author' | 'conference';
  title: string;
  port: number;
  contract: C;
  handlers: (query: Query) => Handlers<C>;
  side: Side<unknown>;
  entities: EntityTable;
  operations: Table;
  copy: (query: Query, times: Times) => Batches<Table>;
}

/** Runs an owner service until it is told to stop: reads its configuration, connects, listens. */
export async function runOwner<C extends Contract, Table extends Operations>(
  service: OwnerService<C, Table>,
): Promise<void> {
  const config = readConfig(ownerConfig({ port: service.port }));
  const times = createTimes({ scale: config.TIME_SCALE });
  const log = createLogger({ service: service.name, level: config.LOG_LEVEL });
  const metrics = createMetrics({ service: service.name });
  const lifecycle = new Lifecycle();

  const settings = databaseSettings(config);
  const pool = createPool(
    { ...settings, poolMax: config.DATABASE_POOL, applicationName: `${service.name}-service` },
    times,
  );
  observePool(pool, metrics);
  const watch = new DatabaseWatch(settings, {
    times,
    log,
    onStale: () => pool.renew(),
    onUsable: () => pool.warm(),
  });
  const query = countTimeouts(watch.watched(overPool(pool, times)), metrics);
  const purge = startPurge(service.side, {
    query,
    times,
    entities: service.entities,
    onError: (error) => log.warn({ err: error }, 'a purge failed; trying again later'),
    onPurged: (purged) => log.info(purged, 'purged a deleted entity and its claims'),
  });

  const app = createApp({
    title: service.title,
    contract: { ...service.contract, ...agreementContract, ...internalContract(service.operations) },
    handlers: {
      ...service.handlers(query),
      readAgreement: async () => ({
        status: 200,
        body: { ...agreementOf(service.name, times), ...(await readClock(query)) },
      }),
      ...internalHandlers(service.copy(query, times)),
    },
    tokens: serviceTokens(config),
    // certain, for the gateway: a request that was refused here was not executed
    overload: 'not_executed',
    maxInFlight: config.MAX_IN_FLIGHT,
    times,
    lifecycle,
    log,
    metrics,
  });
  const close = async () => {
    watch.stop();
    await purge.stop();
    await pool.end();
  };
  const checkReady = () =>
    watch.check().catch((error: unknown) => {
      throw new Error(`database: ${(error as Error).message}`, { cause: error });
    });
  await serve({ app, config, times, lifecycle, log, metrics, checkReady, close });
}
