import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { accountFor } from '@attendance/local/postgres/account';
import { findBinaries } from '@attendance/local/postgres/binaries';
import { running, type Running } from '@attendance/local/processes/child';
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
  port = 0;
  readonly #account = accountFor(join(this.folder, 'data'));
  readonly #binaries = findBinaries({ account: this.#account, folder: this.folder });
  readonly #settings: Record<string, string>;
  readonly #environment: Record<string, string | undefined>;
  #running: Running | undefined;

  constructor({ initdb = [], hba, settings = {}, environment = {} }: OwnServerOptions = {}) {
    this.#settings = settings;
    this.#environment = { PATH: process.env.PATH, LC_ALL: 'C', ...environment };
    if (this.#account) chownSync(this.folder, this.#account.uid, this.#account.gid);
    this.write('password', 'test');
    const args = [`--pgdata=${this.#data}`, '--username=postgres', '--auth=scram-sha-256', '--no-sync'];
    const { status, stderr } = spawnSync(
      this.#binaries.initdb,
      [...args, `--pwfile=${join(this.folder, 'password')}`, '--encoding=UTF8', '--locale=C', ...initdb],
      { ...this.#account, cwd: '/', encoding: 'utf8', env: this.#environment },
    );
    if (status !== 0) throw new Error(stderr);
    if (hba) this.write('data/pg_hba.conf', `${hba.join('\n')}\n`);
  }

  get #data() {
    return join(this.folder, 'data');
  }

  /** Its superuser. */
  get admin(): DatabaseSettings & { password: string } {
    return { host: '127.0.0.1', port: this.port, user: 'postgres', password: 'test', database: 'postgres' };
  }

  /** Writes a file that only the server's account can read, below the server's folder. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (this.#account) chownSync(path, this.#account.uid, this.#account.gid);
    return path;
  }

  /** Starts it, where it ran before. As a standby it accepts connections, and waits for a primary that never comes. */
  async start({ standby = false } = {}): Promise<void> {
    const signal = join(this.#data, 'standby.signal');
    if (standby) this.write('data/standby.signal', '');
    else rmSync(signal, { force: true });
    this.port ||= await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: '60',
      ...this.#settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const log = join(this.folder, 'log');
    const output = openSync(log, 'a');
    const child = spawn(this.#binaries.postgres, ['-D', this.#data, ...args], {
      ...this.#account,
      cwd: '/',
      env: this.#environment,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#running = await running(child, [{ signal: 'SIGINT', wait: 10_000 }]);
    let end: string | undefined;
    void this.#running.exited.then((how) => (end = how));
    while (this.#status() !== 'ready') {
      if (end !== undefined) throw new Error(`PostgreSQL ${end}: ${readFileSync(log, 'utf8')}`);
      await sleep(20);
    }
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
