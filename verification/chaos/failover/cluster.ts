import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { TcpProxy } from '../../../test/support/tcpProxy.ts';
import { MovingAddress } from '../../../test/support/movingAddress.ts';
import { commitThatWaits } from './commitThatWaits.ts';
import { Replica } from './replica.ts';
import type { DatabaseCluster } from './system.ts';

/** A server, and the way by which its standby gets what it writes. */
interface Member {
  server: Replica;
  replication: TcpProxy;
}

interface ClusterOptions {
  name: string;
  /** The folder for the logs of its servers. */
  logs: string;
  /** Whether commits wait for the standby. */
  synchronous: boolean;
}

const patienceMs = 60_000;

/** A primary and its standby, behind an address that moves. */
export class Cluster implements DatabaseCluster {
  readonly name: string;
  readonly address = new MovingAddress();
  readonly synchronous: boolean;
  #primary: Member;
  #standby: Member;

  constructor({ name, logs, synchronous }: ClusterOptions) {
    this.name = name;
    this.synchronous = synchronous;
    const member = (letter: string): Member => {
      const server = new Replica(join(logs, `postgres-${name}-${letter}.log`));
      return { server, replication: new TcpProxy(server) };
    };
    this.#primary = member('a');
    this.#standby = member('b');
  }

  /** Starts both servers, and waits until the standby may take over. */
  async start(): Promise<void> {
    await this.address.start();
    for (const { replication } of [this.#primary, this.#standby]) await replication.start();
    await this.primary.start();
    this.address.lead(this.primary, 'kept');
    await this.addStandby({ copy: true });
    await this.waitForStandby();
  }

  get primary(): Replica {
    return this.#primary.server;
  }

  get standby(): Replica {
    return this.#standby.server;
  }

  /** The way from the primary to its standby. */
  get replication(): TcpProxy {
    return this.#primary.replication;
  }

  /** A direct connection of the superuser to the primary. */
  get admin(): DatabaseSettings {
    return this.primary.admin;
  }

  /** Makes the standby the primary. The old one is left as it is. */
  async promote({ waitFor }: { waitFor: '*' | '' }): Promise<void> {
    await this.standby.configure({ waitFor });
    await this.standby.promote();
    [this.#primary, this.#standby] = [this.#standby, this.#primary];
  }

  /** Starts the other server as the standby. If it cannot follow as it is, it gets a copy of the primary first. */
  async addStandby({ copy }: { copy: boolean }): Promise<void> {
    const follow = { host: '127.0.0.1', port: this.replication.port };
    if (copy) await this.standby.copyFrom(this.primary);
    await this.standby.configure({ follow, waitFor: this.#waitFor });
    await this.standby.start();
  }

  /**
   * Waits until the standby may take over: it streams, and has every commit that did not wait for it. With synchronous
   * replication, also until commits wait for it.
   */
  async waitForStandby(): Promise<void> {
    await withClient(this.admin, async (client) => {
      const until = async (condition: string) => {
        const deadline = performance.now() + patienceMs;
        for (;;) {
          const { rows } = await client.query<{ pid: number }>(
            `SELECT pid FROM pg_stat_replication WHERE ${condition}`,
          );
          if (rows[0]) return rows[0].pid;
          if (performance.now() > deadline) throw new Error(`the standby of ${this.name} is not yet: ${condition}`);
          await sleep(20);
        }
      };
      await until("state = 'streaming'");
      if (this.synchronous) {
        await this.primary.configure({ waitFor: '*' });
        const walSender = await until("sync_state = 'sync'");
        // sync_state is shown before commits wait
        await this.#waitUntilCommitsWait(walSender);
      }
      // also a commit that did not wait any more is written by now
      const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn() AS lsn');
      await until(`flush_lsn >= '${rows[0]!.lsn}'`);
    });
  }

  /** Pauses the sender to the standby, to see that a commit waits for it. */
  async #waitUntilCommitsWait(walSender: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (let waited = false; !waited;) {
      process.kill(walSender, 'SIGSTOP');
      try {
        const commit = commitThatWaits(this.admin);
        waited = await commit.waits;
        process.kill(walSender, 'SIGCONT');
        await commit.ended;
      } finally {
        process.kill(walSender, 'SIGCONT');
      }
      if (performance.now() > deadline) throw new Error(`commits of ${this.name} do not wait for its standby`);
    }
  }

  get #waitFor() {
    return this.synchronous ? '*' : '';
  }

  async stop(): Promise<void> {
    this.address.stop();
    for (const { server, replication } of [this.#standby, this.#primary]) {
      replication.stop();
      await server.stop();
    }
  }
}
