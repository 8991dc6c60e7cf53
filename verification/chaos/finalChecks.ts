import type { History } from '../histories/histories.ts';
import { createRandom } from 'many-to-many/testing';
import { violationsOf } from '../histories/report.ts';
import { micros, type Outcome } from '../../test/support/history.ts';
import {
  compareSnapshots,
  readCopies,
  waitUntilReconciled,
  type QueryCopy,
  type Copies,
  type ReconcileDeadline,
} from './copies.ts';
import { recordCopies, readAllAgain, type LastReads } from './lastReads.ts';

export interface FinalChecks {
  /** The number of histories whose last reads were all answered. */
  readAgain: number;
  /** Null without access to the databases. */
  copies: Copies | null;
  /** The time until the copies were equal; null if it was too long or not measured. */
  reconciledAfterMs: number | null;
  violations: string[];
}

interface Databases {
  queryCopy: QueryCopy;
  /** The deadline for equal copies; null not to wait for them. */
  reconcileDeadline: ReconcileDeadline | null;
}

interface FinalChecksOptions {
  gateways: string[];
  /** Milliseconds that a client waits for an answer. */
  timeout: number;
  /** Null without access to the databases. */
  databases: Databases | null;
  /** The number of histories for the last reads. The copies are compared for all histories. */
  sample?: number | undefined;
}

/** Reads the pairs of the histories again after all operations are final, then checks all histories. */
export async function runFinalChecks(
  histories: readonly History[],
  { gateways, timeout, databases, sample = 500 }: FinalChecksOptions,
): Promise<FinalChecks> {
  // a system that refuses every request has no violation either
  const observed = histories.some(({ operations }) => operations.some(({ outcome }) => certain.includes(outcome)));
  const readers = numberReaders(histories, gateways);
  const chosen = createRandom(histories.length).shuffled(histories).slice(0, sample);
  const read = () =>
    readAllAgain(
      chosen,
      readers.gateways.map((reader) => ({ ...reader, timeout })),
    );
  const result = await (databases
    ? readBetweenSnapshots(histories, { ...databases, read, process: readers.databases })
    : { ...(await read()), copies: null, reconciledAfterMs: null });
  const violations = [
    ...(observed ? [] : ['nothing was checked: no client got an answer about a pair']),
    ...result.violations,
    ...histories.flatMap(violationsOf),
  ];
  return { ...result, violations };
}

/** Reads both databases before and after the last reads. */
async function readBetweenSnapshots(
  histories: readonly History[],
  { queryCopy, reconcileDeadline, read, process }: Databases & { read: () => Promise<LastReads>; process: number },
): Promise<FinalChecks> {
  const reconciled = reconcileDeadline && (await waitUntilReconciled(queryCopy, reconcileDeadline));
  const before = await readCopies(queryCopy);
  const { readAgain, violations: unread } = await read();
  const start = Math.floor(micros());
  const copies = await readCopies(queryCopy);
  recordCopies(histories, { copies, process, start, end: Math.ceil(micros()) });
  const reconciledAfterMs = reconciled?.tookMs ?? null;
  const violations = [
    ...(reconciled?.violations ?? []),
    ...unread,
    ...compareSnapshots(before, copies, { reconciled: reconciledAfterMs !== null }),
  ];
  return { readAgain, copies, reconciledAfterMs, violations };
}

const certain: Outcome[] = ['done', 'present', 'absent', 'missing'];

/** Numbers the processes of the last reads after those of all clients. */
function numberReaders(histories: readonly History[], gateways: string[]) {
  const databases =
    1 + histories.flatMap(({ operations }) => operations).reduce((most, { process }) => Math.max(most, process), -1);
  return { databases, gateways: gateways.map((gateway, i) => ({ gateway, process: databases + 1 + i })) };
}
