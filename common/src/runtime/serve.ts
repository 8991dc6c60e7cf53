import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '../http/server.ts';
import type { App } from '../http/app.ts';
import { createManagement } from '../http/management.ts';
import type { Times } from '../times.ts';
import type { ServerConfig } from './config.ts';
import { stopOnSignal, type Lifecycle } from './lifecycle.ts';
import { exitOnError, type Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Connections allowed for each request that may be in flight. Most of them are idle, or still sending. */
const connectionsPerRequest = 4;

interface Service {
  app: App;
  config: ServerConfig;
  times: Times;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
  checkReady: () => Promise<void>;
  close: () => Promise<void>;
}

/** Listens on both ports until the process is told to stop. */
export async function serve({
  app,
  config,
  times,
  lifecycle,
  log,
  metrics,
  checkReady,
  close,
}: Service): Promise<void> {
  exitOnError(log);
  const options = { times, lifecycle, log, metrics };
  const server = createHttpServer(app, {
    ...options,
    maxConnections: connectionsPerRequest * config.MAX_IN_FLIGHT,
  });
  const management = createManagement({ ...options, checkReady });
  const managementServer = createHttpServer(management, options);
  const management_port = await listen(managementServer, config.HOST, config.MANAGEMENT_PORT);
  const port = await listen(server, config.HOST, config.PORT);
  stopOnSignal({ lifecycle, server, managementServer, times, log, drain: config.DRAIN, close });
  log.info({ host: config.HOST, port, management_port }, 'listening');
}

/** @returns the port, which the system chose if 0 was given */
async function listen(server: Server, host: string | undefined, port: number): Promise<number> {
  // Without a host, Node listens on both families, or on IPv4 alone where the machine has no IPv6.
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
