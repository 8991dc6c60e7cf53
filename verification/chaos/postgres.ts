import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { startPostgres, type Postgres } from '@attendance/local/postgres';
import { startCleaner } from '@attendance/local/processes/cleaner';
import { freePort } from '@attendance/local/processes/ports';
import { processEntry } from '@attendance/local/processes/table';
import { childrenOf, signal } from './processTree.ts';

const password = 'chaos';

/** A durable PostgreSQL server that can be frozen and killed with all its processes. */
export class PostgresServer {
  readonly host = '127.0.0.1';
  /** 0 while the server does not run. */
  port = 0;
  readonly dataFolder: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'attendance-chaos-'));
  readonly #log: string;
  #server: Postgres | undefined;
  #frozen: number[] = [];
  #cleaner: ChildProcess | undefined;

  /** @param log the path of the log */
  constructor(log: string) {
    this.#log = log;
    this.dataFolder = join(this.#folder, 'postgres');
  }

  get admin(): DatabaseSettings {
    return { host: this.host, port: this.port, user: 'postgres', password, database: 'postgres' };
  }

  /** Starts the server and waits until it accepts connections. A restart uses another port, as the old one may be taken. */
  async start(): Promise<this> {
    this.#cleaner ??= startCleaner(this.#folder, stopServer);
    const start = async () =>
      startPostgres({ dataFolder: this.dataFolder, port: await freePort(), password, log: this.#log });
    // another process may have taken the free port
    this.#server = await start().catch(start);
    this.port = this.#server.port;
    return this;
  }

  /** Sends SIGSTOP to all processes. The first process alone only accepts connections. */
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

  /** Freezes all processes, then sends SIGKILL to them. Data that was not written to disk is lost. */
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

  /** Makes it read its configuration again. */
  reload(): void {
    signal(this.#running().pid, 'SIGHUP');
  }

  /**
   * Ends all connections, and stops the server when its standby has everything that it committed.
   * @throws if it does not end by itself
   */
  async shutDown(): Promise<void> {
    const server = this.#running();
    this.port = 0;
    await server.stop();
    this.#server = undefined;
    const how = await server.exited;
    if (how !== 'ended with code 0') throw new Error(`PostgreSQL ${how} when it was asked to end`);
  }

  /**
   * Sends SIGKILL to a backend. PostgreSQL then ends the other backends and recovers.
   * @returns whether there was a backend
   */
  killBackend(): boolean {
    const { pid } = this.#running();
    const victim = childrenOf(pid).findLast((child) => servesConnection(child));
    if (victim !== undefined) signal(victim, 'SIGKILL');
    return victim !== undefined;
  }

  /** Stops the server in any state, and removes its data. */
  async stop(): Promise<void> {
    if (this.#frozen.length > 0) this.resume();
    await this.#server?.stop();
    this.#server = undefined;
    this.#cleaner?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #running(): Postgres {
    if (!this.#server) throw new Error('PostgreSQL does not run');
    return this.#server;
  }
}

/** Stops the server, also a frozen one. */
const stopServer = 'pid=$(head -n 1 "$1/postgres/postmaster.pid"); kill -CONT "$pid"; kill -QUIT "$pid"';

/** Decides by the title, such as `postgres: author_service author 127.0.0.1(40000) idle`. */
function servesConnection(pid: number): boolean {
  return processEntry(pid)?.args.join(' ').includes('_service ') ?? false;
}
