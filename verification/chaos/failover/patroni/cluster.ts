import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCleaner } from '@attendance/local/processes/cleaner';
import { MovingAddress } from '../../../../test/support/movingAddress.ts';
import { commit } from '../commitThatWaits.ts';
import type { DatabaseCluster } from '../system.ts';
import { Etcd } from './etcd.ts';
import { Member } from './member.ts';

interface ClusterOptions {
  name: string;
  /** The folder for the logs of its processes. */
  logs: string;
  /** Ends the waits for Patroni. */
  signal?: AbortSignal | undefined;
}

/** Patroni's defaults, but that it looks each second: a busy machine needs them. */
const times = { ttl: 30, loop_wait: 1, retry_timeout: 10 };
/** When a watchdog resets a machine that it has not heard of: five seconds, its default, before another may be promoted. */
export const watchdogMs = (times.ttl - 5) * 1_000;
/** What docs/deploying.md recommends. */
const shared = {
  ...times,
  synchronous_mode: true,
  synchronous_mode_strict: true,
  postgresql: { use_pg_rewind: true, parameters: { max_connections: 200 } },
};
/** As HAProxy checks its servers. A primary is given up long before its `ttl` has passed. */
const checks = { everyMs: 500, failures: 2 };
const patienceMs = 180_000;

/** A primary and its standby that Patroni manages, behind a proxy that follows the primary. */
export class PatroniCluster implements DatabaseCluster {
  readonly name: string;
  readonly address = new MovingAddress();
  /** What becomes of the connections to a primary that is given up. */
  connections: 'cut' | 'silent' = 'cut';
  readonly #signal: AbortSignal | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'attendance-patroni-'));
  readonly #etcd: Etcd;
  readonly #members: readonly [Member, Member];
  #leadsTo: Member | undefined;
  #following: Promise<void> | undefined;
  #stopped = false;
  #cleaner: ChildProcess | undefined;

  constructor({ name, logs, signal }: ClusterOptions) {
    this.name = name;
    this.#signal = signal;
    // the user that PostgreSQL runs as has a folder in it
    chmodSync(this.#folder, 0o755);
    this.#etcd = new Etcd(this.#folder, join(logs, `etcd-${name}.log`));
    const member = (letter: string) =>
      new Member({
        ...{ scope: name, name: letter, etcd: this.#etcd, shared },
        folder: join(this.#folder, letter),
        log: join(logs, `patroni-${name}-${letter}.log`),
      });
    this.#members = [member('a'), member('b')];
  }

  /** Starts both members, and waits until commits wait for the standby. */
  async start(): Promise<void> {
    this.#cleaner = startCleaner(this.#folder, endAll);
    await this.#etcd.start();
    await this.address.start();
    this.#following = this.#follow();
    await this.#members[0].start();
    await this.waitForPrimary();
    await this.#members[1].start();
    await this.waitForStandby();
  }

  /** The member that clients reach. */
  get primary(): Member {
    if (!this.#leadsTo) throw new Error(`${this.name} has no primary`);
    return this.#leadsTo;
  }

  get admin() {
    return this.primary.admin;
  }

  otherThan(member: Member): Member {
    const [a, b] = this.#members;
    return member === a ? b : a;
  }

  /** Waits until clients do not reach a member any more. */
  async waitUntilGivenUp(member: Member): Promise<void> {
    await this.#until(`has given up ${member.name}`, () => this.#leadsTo !== member);
  }

  /** Waits until clients reach a primary. */
  async waitForPrimary(): Promise<Member> {
    await this.#until('has a primary', () => this.#leadsTo !== undefined);
    return this.primary;
  }

  /** Waits until clients reach a primary that acknowledges commits. */
  async waitUntilUsable(): Promise<void> {
    await this.#until('has a primary that acknowledges commits', async () => {
      const primary = await this.waitForPrimary();
      // a commit that waits for a standby may wait for ever
      const acknowledged = await Promise.race([commit(primary.admin).ended, sleep(patienceMs, false, { ref: false })]);
      return acknowledged && primary === this.#leadsTo;
    });
  }

  /** Waits until Patroni would let the standby take over. */
  async waitForStandby(): Promise<void> {
    await this.#until('has a synchronous standby', async () => {
      const primary = this.#leadsTo;
      return primary !== undefined && (await this.otherThan(primary).is('sync'));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#following;
    this.address.stop();
    for (const member of this.#members) await member.stop();
    await this.#etcd.stop();
    this.#cleaner?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Leads clients to the member that says that it is the primary. */
  async #follow(): Promise<void> {
    for (let failures = 0; !this.#stopped; await sleep(checks.everyMs)) {
      const answers = await Promise.all(this.#members.map((member) => member.is('primary')));
      const primaries = this.#members.filter((_, index) => answers[index]);
      const present = this.#leadsTo;
      if (present && primaries.includes(present)) failures = 0;
      else if (primaries[0]) this.#lead(primaries[0]);
      else if (present && ++failures >= checks.failures) this.#lead(undefined);
      if (!this.#leadsTo) failures = 0;
    }
  }

  #lead(member: Member | undefined): void {
    const present = this.connections === 'cut' ? 'cut' : 'silenced';
    const nowhere = this.connections === 'cut' ? 'refused' : 'silent';
    this.#leadsTo = member;
    this.address.lead(member ? member.postgres : nowhere, present);
  }

  async #until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!(await condition())) {
      this.#signal?.throwIfAborted();
      if (performance.now() > deadline)
        throw new Error(`the cluster ${this.name} is not yet one that ${what} after ${patienceMs / 1_000} s`);
      await sleep(50);
    }
  }
}

/**
 * Ends all processes of the cluster, which name its folder in their command lines. Patroni goes first, because it would
 * start its server again.
 */
const endAll = `
  for name in patroni postgres etcd; do
    for process in /proc/[0-9]*; do
      pid=\${process#/proc/}
      # this script names the folder, too
      if [ "$pid" != $$ ] && tr '\\0' ' ' < "$process/cmdline" | grep -q "bin/$name .*$1"; then
        kill -KILL "$pid"
      fi
    done
  done 2> /dev/null`;
