import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountFor } from './postgres/account.ts';
import { findBinaries } from './postgres/binaries.ts';
import { makeDataFolder } from './postgres/dataFolder.ts';
import { endLeftover, mark, pidFile } from './postgres/leftover.ts';
import { spawnProgram, type Program } from './postgres/spawn.ts';
import type { Running } from './processes/child.ts';
import { endOfLog, linesSince } from './processes/log.ts';

export interface PostgresOptions {
  /** Created if missing; its parent folder must exist. */
  dataFolder: string;
  port: number;
  /** The password of the superuser `postgres`. It is set when the data folder is created, and stays. */
  password: string;
  /** The file of PostgreSQL's log. */
  log: string;
  /** For data that may be lost in a power cut. */
  unsafe?: boolean;
  /** Aborts a start. */
  signal?: AbortSignal;
}

export interface Postgres extends Running {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly url: string;
}

const host = '127.0.0.1';
const user = 'postgres';

/**
 * Starts the PostgreSQL that npm installed, on loopback only. It first stops one that an earlier start left running in the
 * data folder.
 * @returns when it accepts connections
 * @throws with the end of its log, if it does not start
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataFolder = resolve(options.dataFolder);
  const { port, password, log, unsafe = false, signal } = options;
  await endLeftover(dataFolder);
  const account = accountFor(dataFolder);
  const { initdb, postgres } = findBinaries({ account, folder: dirname(dataFolder) });
  if (!existsSync(dataFolder))
    await makeDataFolder({ command: initdb, account, log }, { dataFolder, password, unsafe, signal });
  const server = await startServer({ command: postgres, account, log }, { dataFolder, port, unsafe, signal });
  return { ...server, host, port, user, password, url: `postgres://${user}:${password}@${host}:${port}/postgres` };
}

interface Server {
  dataFolder: string;
  port: number;
  unsafe: boolean;
  signal: AbortSignal | undefined;
}

async function startServer(program: Program, { dataFolder, port, unsafe, signal }: Server): Promise<Running> {
  const settings = {
    listen_addresses: host,
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // after a kill: one call for the whole disk instead of one for each of a thousand files
    ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
    ...(unsafe && { fsync: 'off', full_page_writes: 'off' }),
    [mark.name]: mark.value(dataFolder),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  // the processes of a killed server take a moment to notice, and hold its shared memory until then
  const patience = performance.now() + 5_000;
  for (;;) {
    signal?.throwIfAborted();
    const start = endOfLog(program.log);
    const server = await spawnProgram(program, [dataFolder], (data = '') => ['-D', data, ...args]);
    const failure = await readyOrFailure(server, { dataFolder, signal });
    if (failure === undefined) return server;
    const lines = linesSince(program.log, start);
    if (!lines.includes('shared memory block') || performance.now() > patience)
      throw new Error(`PostgreSQL ${failure}${lines}`);
    await sleep(100);
  }
}

/** @returns how it ended, if it did not become ready */
async function readyOrFailure(
  server: Running,
  { dataFolder, signal }: { dataFolder: string; signal: AbortSignal | undefined },
): Promise<string | undefined> {
  let how: string | undefined;
  void server.exited.then((end) => (how = end));
  while (how === undefined) {
    if (signal?.aborted) {
      await server.stop();
      signal.throwIfAborted();
    }
    const lines = pidFile(dataFolder);
    if (lines[0] === String(server.pid) && lines[7] === 'ready') return undefined;
    await sleep(10);
  }
  return how;
}
