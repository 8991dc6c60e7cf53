import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { findPrograms } from '@attendance/local/postgres/programs';
import { startProcess, waitUntilReady, type RunningProcess } from '@attendance/local/processes/child';
import { freePort } from '@attendance/local/processes/ports';
import { asUser } from './asUser.ts';

/** A PgBouncer in transaction mode, in front of one database for one role. */
export class Pooler {
  port = 0;
  readonly #server: DatabaseSettings & { password: string };
  readonly #log: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'attendance-pooler-'));
  // it refuses to run as root, as PostgreSQL does
  readonly #user = findPrograms(this.#folder).user;
  #running: RunningProcess | undefined;

  /** @param server the database, with the role that connects to it */
  constructor(server: DatabaseSettings & { password: string }, log: string) {
    this.#server = server;
    this.#log = log;
  }

  async start(): Promise<this> {
    const { host, port, database, user, password } = this.#server;
    this.port = await freePort();
    const settings = this.#write(
      'pgbouncer.ini',
      `[databases]
${database} = host=${host} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${this.port}
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = ${this.#write('users', `"${user}" "${password}"\n`)}
# fewer than a service has connections, so that they share sessions
default_pool_size = 5
# a server that was restarted is found again at once
server_login_retry = 1
`,
    );
    const env = { PATH: `${process.env.PATH}:/usr/sbin` };
    const started = await startProcess([...asUser(this.#user), 'pgbouncer', settings], {
      env,
      log: this.#log,
      stopSignal: 'SIGINT',
    });
    this.#running = started;
    await waitUntilReady('PgBouncer', started, () => started.logged().includes('process up'));
    return this;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Writes a file that it can read. */
  #write(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (this.#user) for (const one of [this.#folder, path]) chownSync(one, this.#user.uid, this.#user.gid);
    return path;
  }
}
