import { setTimeout as sleep } from 'node:timers/promises';
import { micros } from '../../../test/support/history.ts';
import type { ClusterName } from './plan.ts';

/** The owner service whose database fails over. */
export interface Watched {
  isReady: () => Promise<boolean>;
  /** Whether it is ready, and a change succeeds through a gateway. */
  serves: () => Promise<boolean>;
}

/** A database whose primary is lost, and how. */
interface Loss {
  cluster: ClusterName;
  loss: string;
}

/** What became of a failover. */
export interface FailoverRecord {
  fault: Loss;
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

export interface Watching extends Watched {
  /** `usualBoundMs`, or more on a machine that may be busy. */
  boundMs: number;
}

export function beginRecord(fault: Loss): FailoverRecord {
  const start = Math.floor(micros());
  return { fault, start, end: null, noticedMs: null, outageMs: 0, servesAgainMs: null, violations: [] };
}

/** Ends a record when the old primary is the standby of the new one. */
export function endRecord(record: FailoverRecord): void {
  record.end = Math.ceil(micros());
}

/** Checks that the service is soon not ready. @returns after how many milliseconds; null if it is not waited any longer */
export async function expectNotReady(
  where: string,
  { fault, violations }: FailoverRecord,
  { isReady, boundMs }: Watching,
): Promise<number | null> {
  const noticedMs = await timeUntil(async () => !(await isReady()), performance.now());
  if (noticedMs === null || noticedMs > boundMs)
    violations.push(`the ${fault.cluster} service was ready ${where} for ${said(noticedMs)}`);
  return noticedMs;
}

/** Checks that the service soon serves again, once its clients could use the new primary. */
export async function expectToServe(
  usableAt: number,
  record: FailoverRecord,
  { serves, boundMs }: Watching,
): Promise<void> {
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
