import { setTimeout as sleep } from 'node:timers/promises';
import {
  beginRecord,
  endRecord,
  expectNotReady,
  expectToServe,
  type FailoverRecord,
  type Watching,
} from '../record.ts';
import { watchdogMs, type PatroniCluster } from './cluster.ts';
import type { Member } from './member.ts';
import type { PatroniFailover } from './plan.ts';

/**
 * Takes the primary of a cluster away, lets Patroni replace it, and gives the old one back. In between it is checked that
 * the service notices, and that it serves in time.
 */
export async function failOverByPatroni(
  cluster: PatroniCluster,
  fault: PatroniFailover,
  watching: Watching,
): Promise<FailoverRecord> {
  const record = beginRecord(fault);
  const lostAt = performance.now();
  const old = cluster.primary;
  cluster.connections = fault.connections;

  await takeAway(old, cluster.otherThan(old), fault);
  if (isAway(fault)) {
    const reset = isStopped(fault) ? watchdog(old) : undefined;
    await cluster.waitUntilGivenUp(old);
    record.noticedMs = await expectNotReady('without a primary', record, watching);
    await cluster.waitForPrimary();
    await reset;
    await sleep(fault.aloneMs);
    if (fault.loss === 'partition') await old.reconnect(fault.connections);
    else await old.start();
  }
  // after that: a new primary acknowledges nothing while it has no standby
  await cluster.waitUntilUsable();
  const usableAt = performance.now();
  record.outageMs = Math.round(usableAt - lostAt);
  await expectToServe(usableAt, record, watching);
  await cluster.waitForStandby();
  endRecord(record);
  return record;
}

/** Whether the old primary is away until it is given back. Otherwise Patroni restarts its server. */
const isAway = ({ loss }: PatroniFailover) => loss !== 'server' && loss !== 'switchover';
const isStopped = ({ loss }: PatroniFailover) => loss === 'freeze' || loss === 'hang';

async function takeAway(old: Member, standby: Member, { loss, connections }: PatroniFailover): Promise<void> {
  switch (loss) {
    case 'server':
      return old.killServer();
    case 'machine':
      return old.kill();
    case 'freeze':
      old.freeze({ server: true });
      return;
    case 'hang':
      old.freeze({ server: false });
      return;
    case 'partition':
      return old.cutOff(connections);
    case 'switchover':
      return old.switchTo(standby);
  }
}

/**
 * Resets a machine whose Patroni is stopped, before its time as the primary is over, as a watchdog does. Without one,
 * Patroni 3.0.2 takes the lock back from the new primary when it goes on.
 */
async function watchdog(machine: Member): Promise<void> {
  await sleep(watchdogMs);
  await machine.kill();
}
