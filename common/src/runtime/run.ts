import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '../http/server.ts';
import type { App } from '../http/app.ts';
import { createManagement } from '../http/management.ts';
import type { Times } from '../times.ts';
import { ConfigError, type ServerConfig } from './config.ts';
import { stopOnSignal, type Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
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
  checkReady?: () => Promise<void>;
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
  const options = { times, lifecycle, log, metrics };
  const server = createHttpServer(app, {
    ...options,
    maxConnections: connectionsPerRequest * config.MAX_IN_FLIGHT,
  });
  const management = createManagement({ ...options, ...(checkReady ? { checkReady } : {}) });
  const managementServer = createHttpServer(management, options);
  const management_port = await listen(managementServer, config.HOST, config.MANAGEMENT_PORT);
  const port = await listen(server, config.HOST, config.PORT);
  stopOnSignal({ lifecycle, server, managementServer, times, log, drain: config.DRAIN, close });
  log.info({ host: config.HOST, port, management_port }, 'listening');
}

/** @returns the port, which the system chose if 0 was given */
async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Runs a program's main function. If it fails, prints one readable message and exits with code 1. */
export function main(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  });
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return error.message;
  // an answer of PostgreSQL, such as to a wrong password
  if ('severity' in error)
    return `PostgreSQL refused: ${error.message}. Check DATABASE_NAME, DATABASE_USER and DATABASE_PASSWORD.`;
  const unreachable = 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
  if (unreachable) return `PostgreSQL cannot be reached: ${error.message}. Check DATABASE_HOST and DATABASE_PORT.`;
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}
