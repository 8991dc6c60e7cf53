import type { History } from '../histories/histories.ts';
import { createRandom } from 'many-to-many/testing';
import { violationsOf } from '../histories/report.ts';
import { micros, type Outcome } from '../../test/support/history.ts';
import { judgeCopies, readCopies, waitUntilReconciled, type AskCopy, type Copies, type Reconciling } from './copies.ts';
import { readInCopies, readOnceMore, type LastReads } from './lastReads.ts';

export interface Ending {
  /** How many histories were read once more from all directions, and answered. */
  readAgain: number;
  /** Null where nobody could look. */
  copies: Copies | null;
  /** Milliseconds until the copies were the same; null where that took too long, or nobody waited for it. */
  reconciledAfter: number | null;
  violations: string[];
}

interface Databases {
  ask: AskCopy;
  /** When the copies have to be the same; null where nobody waits for that. */
  reconciling: Reconciling | null;
}

interface EndingOptions {
  gateways: string[];
  /** Milliseconds that a client waits for an answer. */
  timeout: number;
  /** How to look into both databases; null where nobody can. */
  databases: Databases | null;
  /** How many histories to read once more from all directions; the copies are compared for all of them. */
  sample?: number | undefined;
}

/**
 * Judges all histories when everything runs again and nothing is under way any more, after a last look at their pairs.
 */
export async function judgeInTheEnd(
  histories: readonly History[],
  { gateways, timeout, databases, sample = 500 }: EndingOptions,
): Promise<Ending> {
  // a system that refuses everything breaks no promise, and shows none
  const told = histories.some(({ operations }) => operations.some(({ outcome }) => tells.includes(outcome)));
  const readers = readersAfter(histories, gateways);
  const again = createRandom(histories.length).shuffled(histories).slice(0, sample);
  const read = () =>
    readOnceMore(
      again,
      readers.gateways.map((reader) => ({ ...reader, timeout })),
    );
  const looked = await (databases
    ? readBetweenLooks(histories, { ...databases, read, process: readers.databases })
    : { ...(await read()), copies: null, reconciledAfter: null });
  const violations = [
    ...(told ? [] : ['nothing was judged: no client had an answer that tells of a pair']),
    ...looked.violations,
    ...histories.flatMap(violationsOf),
  ];
  return { ...looked, violations };
}

/** Looks into both databases before everything is read once more, and after it. */
async function readBetweenLooks(
  histories: readonly History[],
  { ask, reconciling, read, process }: Databases & { read: () => Promise<LastReads>; process: number },
): Promise<Ending> {
  const reconciled = reconciling && (await waitUntilReconciled(ask, reconciling));
  const before = await readCopies(ask);
  const { readAgain, violations: unread } = await read();
  const start = Math.floor(micros());
  const copies = await readCopies(ask);
  readInCopies(histories, { copies, process, start, end: Math.ceil(micros()) });
  const reconciledAfter = reconciled?.took ?? null;
  const violations = [
    ...(reconciled?.violations ?? []),
    ...unread,
    ...judgeCopies(before, copies, { reconciled: reconciledAfter !== null }),
  ];
  return { readAgain, copies, reconciledAfter, violations };
}

const tells: Outcome[] = ['done', 'present', 'absent', 'missing'];

/** Numbers for those who read last, after those of all clients. */
function readersAfter(histories: readonly History[], gateways: string[]) {
  const databases =
    1 + histories.flatMap(({ operations }) => operations).reduce((most, { process }) => Math.max(most, process), -1);
  return { databases, gateways: gateways.map((gateway, i) => ({ gateway, process: databases + 1 + i })) };
}
