import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { findPrograms } from '@attendance/local/postgres/programs';
import { startProcess, waitUntilReady, type RunningProcess } from '@attendance/local/processes/child';
import { freePort } from '@attendance/local/processes/ports';

interface OwnServerOptions {
  /** Further arguments of initdb; the encoding is UTF8 and the locale C unless they say otherwise. */
  initdb?: string[];
  /** Lines of pg_hba.conf. */
  hba?: string[];
  settings?: Record<string, string>;
  environment?: Record<string, string>;
}

/** A PostgreSQL of one test's own, which it sets up and breaks as it likes. */
export class OwnServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'attendance-own-'));
  readonly host = '127.0.0.1';
  port = 0;
  readonly #programs = findPrograms(join(this.folder, 'data'));
  readonly #settings: Record<string, string>;
  readonly #environment: Record<string, string | undefined>;
  #running: RunningProcess | undefined;

  constructor({ initdb = [], hba, settings = {}, environment = {} }: OwnServerOptions = {}) {
    this.#settings = settings;
    this.#environment = { PATH: process.env.PATH, LC_ALL: 'C', ...environment };
    this.#give(this.folder);
    this.write('password', 'test');
    const [command = '', ...prefix] = this.#programs.initdb;
    const args = [`--pgdata=${this.#data}`, '--username=postgres', '--auth=scram-sha-256', '--no-sync'];
    const { status, stderr } = spawnSync(
      command,
      [...prefix, ...args, `--pwfile=${join(this.folder, 'password')}`, '--encoding=UTF8', '--locale=C', ...initdb],
      { cwd: '/', encoding: 'utf8', env: this.#environment },
    );
    if (status !== 0) throw new Error(stderr);
    if (hba) this.write('data/pg_hba.conf', `${hba.join('\n')}\n`);
  }

  get #data() {
    return join(this.folder, 'data');
  }

  /** Its superuser. */
  get admin(): DatabaseSettings & { password: string } {
    return { host: this.host, port: this.port, user: 'postgres', password: 'test', database: 'postgres' };
  }

  /** Writes a file that only the server's account can read, below the server's folder. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    this.#give(path);
    return path;
  }

  /** Gives a file or folder to the user that the server runs as. */
  #give(path: string): void {
    const { user } = this.#programs;
    if (user) chownSync(path, user.uid, user.gid);
  }

  /** Starts it, where it ran before. As a standby it accepts connections, and waits for a primary that never comes. */
  async start({ standby = false } = {}): Promise<void> {
    const signal = join(this.#data, 'standby.signal');
    if (standby) this.write('data/standby.signal', '');
    else rmSync(signal, { force: true });
    this.port ||= await freePort();
    const settings = {
      listen_addresses: this.host,
      port: this.port,
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: '60',
      ...this.#settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const options = { env: this.#environment, log: join(this.folder, 'log'), stopSignal: 'SIGINT' } as const;
    const server = await startProcess([...this.#programs.postgres, '-D', this.#data, ...args], options);
    this.#running = server;
    await waitUntilReady('PostgreSQL', server, () => this.#status() === 'ready');
  }

  /** What the server says of itself, in the eighth line of its file (PostgreSQL, pidfile.h). */
  #status(): string | undefined {
    try {
      const lines = readFileSync(join(this.#data, 'postmaster.pid'), 'utf8').split('\n');
      return lines[0] === String(this.#running?.pid) ? lines[7]?.trim() : undefined;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
