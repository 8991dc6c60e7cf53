import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { startPostgres, type Postgres } from '@attendance/local/postgres';
import { freePort } from '@attendance/local/processes/ports';
import { processEntry } from '@attendance/local/processes/table';

const password = 'chaos';

/** A PostgreSQL of its own, as durable as one in production, that can be frozen and killed with all its processes. */
export class PostgresServer {
  readonly host = '127.0.0.1';
  /** 0 while it does not run. */
  port = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'attendance-chaos-'));
  readonly #log: string;
  #server: Postgres | undefined;
  #frozen: number[] = [];
  #guard: ChildProcess | undefined;

  /** @param log the file that is given what it says */
  constructor(log: string) {
    this.#log = log;
  }

  get admin(): DatabaseSettings {
    return { host: this.host, port: this.port, user: 'postgres', password, database: 'postgres' };
  }

  /** @returns when it accepts connections; after a kill on another port, for the old one may be somebody else's */
  async start(): Promise<this> {
    this.#guard ??= guard(this.#folder);
    const start = async () =>
      startPostgres({ dataFolder: join(this.#folder, 'postgres'), port: await freePort(), password, log: this.#log });
    // another process may have been quicker to take the port
    this.#server = await start().catch(start);
    this.port = this.#server.port;
    return this;
  }

  /** SIGSTOP to all its processes: the first one alone would only keep it from taking new connections. */
  freeze(): void {
    const { pid } = this.#running();
    process.kill(pid, 'SIGSTOP');
    this.#frozen = childrenOf(pid);
    this.#frozen.forEach((child) => signal(child, 'SIGSTOP'));
  }

  resume(): void {
    this.#frozen.forEach((child) => signal(child, 'SIGCONT'));
    this.#frozen = [];
    signal(this.#running().pid, 'SIGCONT');
  }

  /** SIGKILL to all its processes, between two instructions of any of them: what they had not written is lost. */
  async kill(): Promise<void> {
    this.port = 0;
    this.freeze();
    this.#frozen.forEach((child) => signal(child, 'SIGKILL'));
    this.#frozen = [];
    const { pid, exited } = this.#running();
    signal(pid, 'SIGKILL');
    await exited;
    this.#server = undefined;
  }

  /**
   * SIGKILL to one of its processes that serves a connection; it then ends the others, and recovers by itself.
   * @returns whether there was one
   */
  killBackend(): boolean {
    const { pid } = this.#running();
    const victim = childrenOf(pid).findLast((child) => servesConnection(child));
    if (victim !== undefined) signal(victim, 'SIGKILL');
    return victim !== undefined;
  }

  /** Stops it, in whatever state it is, and removes its data. */
  async stop(): Promise<void> {
    if (this.#frozen.length > 0) this.resume();
    await this.#server?.stop();
    this.#server = undefined;
    this.#guard?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #running(): Postgres {
    if (!this.#server) throw new Error('PostgreSQL does not run');
    return this.#server;
  }
}

/** A process that removes the server and its data, should this one be killed: then its input ends. */
function guard(folder: string): ChildProcess {
  const script =
    'read -r nothing; pid=$(head -n 1 "$1/postgres/postmaster.pid");' +
    'kill -CONT "$pid"; kill -QUIT "$pid"; sleep 1; rm -rf "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  return child;
}

/** A process may have ended since it was found. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(pid: number): number[] {
  if (process.platform === 'linux')
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pid && child !== undefined ? [child] : [];
  });
}

/** By its title, such as `postgres: author_service author 127.0.0.1(40000) idle`. */
function servesConnection(pid: number): boolean {
  return processEntry(pid)?.args.join(' ').includes('_service ') ?? false;
}
