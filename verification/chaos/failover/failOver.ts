import { setTimeout as sleep } from 'node:timers/promises';
import { micros } from '../../../test/support/history.ts';
import type { Present } from '../../../test/support/movingAddress.ts';
import type { Cluster } from './cluster.ts';
import { commitThatWaits } from './commitThatWaits.ts';
import type { Failover } from './plan.ts';
import type { Replica } from './replica.ts';

/** The owner service whose database fails over. */
export interface Watched {
  isReady: () => Promise<boolean>;
  /** Whether it is ready, and a change succeeds through a gateway. */
  serves: () => Promise<boolean>;
}

/** What became of a failover. */
export interface FailoverRecord {
  fault: Failover;
  /** Microseconds on the clock of the histories. End is null until the old primary is the standby of the new one. */
  start: number;
  end: number | null;
  /** Milliseconds from the loss until the service was not ready; null if nobody waited for that. */
  noticedMs: number | null;
  /** Milliseconds from the loss until clients could use the new primary. */
  outageMs: number;
  /** Milliseconds from then until the service was ready and served. */
  servesAgainMs: number | null;
  violations: string[];
}

/** How soon a service has to notice that its primary is gone, and to serve once there is a new one. */
export const usualBoundMs = 5_000;
/** How long that is waited for. */
const patienceMs = 120_000;

interface Watching extends Watched {
  /** `usualBoundMs`, or more on a machine that may be busy. */
  boundMs: number;
}

/**
 * Takes the primary of a cluster away, makes the standby the new one, and the old one its standby. In between it is
 * checked that the service notices, that it serves in time, and that an old primary acknowledges nothing.
 */
export async function failOver(cluster: Cluster, fault: Failover, watching: Watching): Promise<FailoverRecord> {
  const { loss, noticed, outageMs, address, fence, alone } = fault;
  const record: FailoverRecord = {
    ...{ fault, start: Math.floor(micros()), end: null, noticedMs: null, outageMs: 0, servesAgainMs: null },
    violations: [],
  };
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
    record.end = Math.ceil(micros());
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

/** Checks that the service is soon not ready. @returns after how many milliseconds; null if it is not waited any longer */
async function expectNotReady(
  where: string,
  { fault, violations }: FailoverRecord,
  { isReady, boundMs }: Watching,
): Promise<number | null> {
  const noticedMs = await timeUntil(async () => !(await isReady()), performance.now());
  if (noticedMs === null || noticedMs > boundMs)
    violations.push(`the ${fault.cluster} service was ready ${where} for ${said(noticedMs)}`);
  return noticedMs;
}

/** Checks that a server that lost its synchronous standby acknowledges nothing, not even when it is killed. */
async function expectNoCommit(old: Replica, { fault, violations }: FailoverRecord): Promise<void> {
  const commit = commitThatWaits(old.admin);
  const waits = await commit.waits;
  await old.kill();
  if (!waits || (await commit.ended))
    violations.push(`the old primary of the ${fault.cluster} database acknowledged a commit without its standby`);
}

/** Checks that the service soon serves again, once its clients could use the new primary. */
async function expectToServe(usableAt: number, record: FailoverRecord, { serves, boundMs }: Watching): Promise<void> {
  const ms = await timeUntil(serves, usableAt);
  record.servesAgainMs = ms;
  if (ms === null || ms > boundMs)
    record.violations.push(
      `the ${record.fault.cluster} service did not serve for ${said(ms)}, although its primary did`,
    );
}

const said = (ms: number | null) => (ms === null ? `more than ${patienceMs} ms` : `${ms} ms`);

/** @returns whole milliseconds since `since`; null if it takes too long */
async function timeUntil(condition: () => Promise<boolean>, since: number): Promise<number | null> {
  while (!(await condition())) {
    if (performance.now() - since > patienceMs) return null;
    await sleep(20);
  }
  return Math.round(performance.now() - since);
}
