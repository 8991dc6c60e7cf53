import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolderArgument, endProcessesOf } from './orphans.ts';
import { createDataFolder } from './postgres/dataFolder.ts';
import { findPrograms, programEnvironment } from './postgres/programs.ts';
import { startProcess, waitUntilReady, type RunningProcess } from './processes/child.ts';
import { processEntry } from './processes/table.ts';

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

export interface Postgres extends RunningProcess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly url: string;
}

const host = '127.0.0.1';
const user = 'postgres';
/** How long the processes of a killed server may take to end, and to release its shared memory. */
const sharedMemoryTimeoutMs = 5_000;

/**
 * Starts the PostgreSQL that npm installed, on loopback only. It first stops one that an earlier start left running in the
 * data folder.
 * @returns when it accepts connections
 * @throws with the end of its log, if it does not start
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataFolder = resolve(options.dataFolder);
  const { port, password, log, unsafe = false, signal } = options;
  await endProcessesOf(dataFolder);
  const programs = findPrograms(dataFolder);
  if (!existsSync(dataFolder)) await createDataFolder(programs, { dataFolder, password, log, unsafe });
  signal?.throwIfAborted();
  removeStalePidFile(dataFolder);

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
  };
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const args = [...assignments, dataFolderArgument(dataFolder)].flatMap((assignment) => ['-c', assignment]);
  const server = await startServer([...programs.postgres, '-D', dataFolder, ...args], { ...options, dataFolder });
  return { ...server, host, port, user, password, url: `postgres://${user}:${password}@${host}:${port}/postgres` };
}

async function startServer(command: string[], { dataFolder, log, signal }: PostgresOptions): Promise<RunningProcess> {
  const deadline = performance.now() + sharedMemoryTimeoutMs;
  for (;;) {
    // SIGINT ends its connections and rolls their transactions back
    const server = await startProcess(command, { env: programEnvironment, log, stopSignal: 'SIGINT' });
    const isReady = () => {
      const [pid, , , , , , , state] = readPidFile(dataFolder);
      return pid === String(server.pid) && state === 'ready';
    };
    try {
      await waitUntilReady('PostgreSQL', server, isReady, signal);
      return server;
    } catch (error) {
      if (!server.logged().includes('shared memory block') || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Reads the lines of postmaster.pid: the first is the process id, the eighth is `ready` once it accepts connections. */
function readPidFile(dataFolder: string): string[] {
  const path = join(dataFolder, 'postmaster.pid');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim())
    : [];
}

/** PostgreSQL does not start if the id in the file belongs to any process now, as is likely after a container restarts. */
function removeStalePidFile(dataFolder: string): void {
  const [pid] = readPidFile(dataFolder);
  const isServer = processEntry(Number(pid))?.args[0]?.endsWith('/postgres');
  if (!isServer) rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
}
