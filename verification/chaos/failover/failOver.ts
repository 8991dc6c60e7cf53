import { setTimeout as sleep } from 'node:timers/promises';
import type { Present } from '../../../test/support/movingAddress.ts';
import type { Cluster } from './cluster.ts';
import { commitThatWaits } from './commitThatWaits.ts';
import type { Failover } from './plan.ts';
import { beginRecord, endRecord, expectNotReady, expectToServe, type FailoverRecord, type Watching } from './record.ts';
import type { Replica } from './replica.ts';

/**
 * Takes the primary of a cluster away, makes the standby the new one, and the old one its standby. In between it is
 * checked that the service notices, that it serves in time, and that an old primary acknowledges nothing.
 */
export async function failOver(cluster: Cluster, fault: Failover, watching: Watching): Promise<FailoverRecord> {
  const { loss, noticed, outageMs, address, fence, alone } = fault;
  const record = beginRecord(fault);
  const lostAt = performance.now();
  const { primary: old, replication } = cluster;
  const present = fault.connections === 'cut' ? 'cut' : 'silenced';

  await takeAway(cluster, fault, present);
  if (noticed) record.noticedMs = await expectNotReady('without a primary', record, watching);
  await sleep(outageMs);

  if (fence === 'before') await killIfAlive(old);
  if (address === 'early') cluster.address.lead(cluster.standby, present);
  await cluster.promote({ waitFor: alone || !cluster.synchronous ? '' : '*' });
  if (address === 'late' && loss === 'switchover') {
    await cluster.addStandby({ copy: false });
    // the address still leads to the old primary, which is a standby now
    await expectNotReady('at a standby', record, watching);
    cluster.address.lead(cluster.primary, 'kept');
  } else if (address === 'late') cluster.address.lead(cluster.primary, present);
  let usableAt = performance.now();

  const rejoin = async () => {
    if (loss === 'partition' && fence === 'after' && cluster.synchronous) await expectNoCommit(old, record);
    await killIfAlive(old);
    if (loss === 'partition') await replication.accept();
    if (cluster.standby.port === 0) await cluster.addStandby({ copy: loss !== 'switchover' });
    await cluster.waitForStandby();
    endRecord(record);
  };
  const serveAgain = () => expectToServe(usableAt, record, watching);
  if (alone || !cluster.synchronous) await Promise.all([serveAgain(), rejoin()]);
  else {
    // until then the new primary acknowledges nothing
    await rejoin();
    usableAt = performance.now();
    await serveAgain();
  }
  record.outageMs = Math.round(usableAt - lostAt);
  return record;

  /** An old primary that was shut down, or follows the new one, is left as it is. */
  async function killIfAlive(server: Replica): Promise<void> {
    if (loss !== 'switchover' && server.port !== 0) await server.kill();
  }
}

async function takeAway({ primary, address, replication }: Cluster, fault: Failover, present: Present): Promise<void> {
  const nowhere = present === 'cut' ? 'refused' : 'silent';
  switch (fault.loss) {
    case 'kill':
      address.lead(nowhere, present);
      return primary.kill();
    case 'freeze':
      primary.freeze();
      // else the kernel accepts connections for it until it is killed
      if (fault.fence === 'before') address.lead(nowhere, present);
      return;
    case 'partition':
      replication.refuse();
      address.lead(nowhere, present);
      return;
    case 'switchover':
      return primary.shutDown();
  }
}

/** Checks that a server that lost its synchronous standby acknowledges nothing, not even when it is killed. */
async function expectNoCommit(old: Replica, { fault, violations }: FailoverRecord): Promise<void> {
  const commit = commitThatWaits(old.admin);
  const waits = await commit.waits;
  await old.kill();
  if (!waits || (await commit.ended))
    violations.push(`the old primary of the ${fault.cluster} database acknowledged a commit without its standby`);
}
