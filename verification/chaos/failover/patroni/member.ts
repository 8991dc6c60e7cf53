import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { findPrograms } from '@attendance/local/postgres/programs';
import { startProcess, type RunningProcess } from '@attendance/local/processes/child';
import { TcpProxy } from '../../../../test/support/tcpProxy.ts';
import { asUser } from '../../asUser.ts';
import { childrenOf, signal } from '../../processTree.ts';
import { stablePort } from './ports.ts';
import { programs } from './programs.ts';

interface MemberOptions {
  /** The name of the cluster. */
  scope: string;
  name: string;
  /** The folder of everything that it writes but its log. */
  folder: string;
  log: string;
  etcd: { readonly host: string; readonly port: number };
  /** `bootstrap.dcs`: what all members of the cluster share. */
  shared: object;
}

const host = '127.0.0.1';
const password = 'chaos';
/** A member that takes longer to say whether it is the primary does not count as the primary. */
const answerMs = 500;

/** A machine of a cluster: Patroni, the server that Patroni runs, and the network between this machine and others. */
export class Member {
  readonly name: string;
  readonly #options: MemberOptions;
  readonly #own = { host, port: 0 };
  readonly #ownRest = { host, port: 0 };
  /** By which clients and the standby reach its server. */
  readonly postgres = new TcpProxy(this.#own);
  readonly #rest = new TcpProxy(this.#ownRest);
  readonly #etcd: TcpProxy;
  #patroni: RunningProcess | undefined;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.#options = options;
    this.#etcd = new TcpProxy(options.etcd);
  }

  /** A direct connection of the superuser, for which no network is in between. */
  get admin(): DatabaseSettings {
    return { ...this.#own, user: 'postgres', password, database: 'postgres' };
  }

  /** Starts Patroni, which starts the server. */
  async start(): Promise<void> {
    const { folder, log } = this.#options;
    const { user } = findPrograms(folder);
    if (this.#own.port === 0) {
      this.#own.port = await stablePort();
      this.#ownRest.port = await stablePort();
      for (const way of this.#network) await way.start();
      await mkdir(folder, { recursive: true });
      await writeFile(this.#configFile, JSON.stringify(this.#config, null, 2));
      if (user) for (const path of [folder, this.#configFile]) await chown(path, user.uid, user.gid);
    }
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };
    const command = [...asUser(user), programs.patroni, this.#configFile];
    this.#patroni = await startProcess(command, { env, log, stopSignal: 'SIGTERM' });
  }

  /** Asks Patroni whether its server is the primary, or the standby that commits wait for. */
  async is(role: 'primary' | 'sync'): Promise<boolean> {
    return this.#ask(`/${role}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /**
   * Makes another member the primary, in good order.
   * @throws if Patroni refuses to
   */
  async switchTo(candidate: Member): Promise<void> {
    const response = await fetch(`http://${host}:${this.#ownRest.port}/switchover`, {
      method: 'POST',
      body: JSON.stringify({ leader: this.name, candidate: candidate.name }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`Patroni refused to switch over: ${response.status} ${text}`);
  }

  /** Sends SIGKILL to all processes of the machine. */
  async kill(): Promise<void> {
    const processes = this.freeze({ server: true });
    for (const pid of processes) signal(pid, 'SIGKILL');
    await this.#patroni?.exited;
  }

  /** Sends SIGKILL to the server. Patroni notices that. */
  killServer(): void {
    for (const pid of this.#serverProcesses()) signal(pid, 'SIGKILL');
  }

  /** Sends SIGSTOP to Patroni, or to all processes of the machine. @returns their ids */
  freeze({ server }: { server: boolean }): number[] {
    const patroni = this.#patroni ? withDescendants(this.#patroni.pid) : [];
    const processes = server ? [...patroni, ...this.#serverProcesses()] : patroni;
    for (const pid of processes) signal(pid, 'SIGSTOP');
    return processes;
  }

  /** Cuts it off from all others: they are refused, or hear nothing any more. */
  cutOff(how: 'cut' | 'silent'): void {
    for (const way of this.#network)
      if (how === 'cut') way.refuse();
      else way.freeze();
  }

  async reconnect(how: 'cut' | 'silent'): Promise<void> {
    for (const way of this.#network)
      if (how === 'cut') await way.accept();
      else way.thaw();
  }

  async stop(): Promise<void> {
    await this.kill();
    for (const way of this.#network) way.stop();
  }

  get #network() {
    return [this.postgres, this.#rest, this.#etcd];
  }

  get #configFile() {
    return join(this.#options.folder, 'patroni.json');
  }

  /** JSON is YAML. */
  get #config() {
    const { scope, name, folder, shared } = this.#options;
    const at = ({ port }: { port: number }) => `${host}:${port}`;
    return {
      ...{ scope, name },
      restapi: { listen: at(this.#ownRest), connect_address: at(this.#rest) },
      // else it asks etcd for its address, and goes there
      etcd3: { host: at(this.#etcd), use_proxies: true },
      bootstrap: { dcs: shared, initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }] },
      postgresql: {
        listen: at(this.#own),
        connect_address: at(this.postgres),
        data_dir: this.#dataFolder,
        bin_dir: programs.postgres,
        pgpass: join(folder, 'pgpass'),
        authentication: {
          superuser: { username: 'postgres', password },
          replication: { username: 'replicator', password },
        },
        parameters: { unix_socket_directories: '' },
        pg_hba: [`host all all ${host}/32 scram-sha-256`, `host replication replicator ${host}/32 scram-sha-256`],
      },
    };
  }

  get #dataFolder() {
    return join(this.#options.folder, 'data');
  }

  #ask(path: string): Promise<Response> {
    return fetch(`http://${host}:${this.#rest.port}${path}`, {
      signal: AbortSignal.timeout(answerMs),
      // a kept connection would hide that new ones are refused
      headers: { connection: 'close' },
    });
  }

  /** Patroni does not stay the parent of its server. */
  #serverProcesses(): number[] {
    const file = join(this.#dataFolder, 'postmaster.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    return pid > 0 && existsSync(`/proc/${pid}`) ? withDescendants(pid) : [];
  }
}

function withDescendants(pid: number): number[] {
  try {
    return [pid, ...childrenOf(pid).flatMap(withDescendants)];
  } catch {
    // it has ended meanwhile
    return [];
  }
}
