import type { History } from '../consistency/histories.ts';
import { createRandom } from '../consistency/random.ts';
import { violationsOf } from '../consistency/report.ts';
import { micros, type Outcome } from '../support/history.ts';
import { judgeCopies, readCopies, waitUntilReconciled, type AskCopy, type Copies, type Reconciling } from './copies.ts';
import { readInCopies, readOnceMore } from './lastReads.ts';

export interface Ending {
  /** How many histories were read once more from all directions, and answered. */
  readAgain: number;
  copies: Copies;
  /** Milliseconds until the copies were the same; null where that took too long, or nobody waited for it. */
  reconciledAfter: number | null;
  violations: string[];
}

interface EndingOptions {
  gateways: string[];
  /** Milliseconds that a client waits for an answer. */
  timeout: number;
  ask: AskCopy;
  /** When the copies have to be the same; null where nobody waits for that. */
  reconciling: Reconciling | null;
  /** How many histories to read once more from all directions; the copies are compared for all of them. */
  sample?: number;
}

/**
 * Judges all histories when everything runs again and nothing is under way any more, after a last look at their pairs.
 */
export async function judgeInTheEnd(
  histories: readonly History[],
  { gateways, timeout, ask, reconciling, sample = 500 }: EndingOptions,
): Promise<Ending> {
  // a system that refuses everything breaks no promise, and shows none
  const told = histories.some(({ operations }) => operations.some(({ outcome }) => tells.includes(outcome)));
  const readers = readersAfter(histories, gateways);
  const again = createRandom(histories.length).shuffled(histories).slice(0, sample);
  const reconciled = reconciling && (await waitUntilReconciled(ask, reconciling));
  const before = await readCopies(ask);
  const { readAgain, violations: unread } = await readOnceMore(
    again,
    readers.gateways.map((reader) => ({ ...reader, timeout })),
  );
  const start = Math.floor(micros());
  const copies = await readCopies(ask);
  readInCopies(histories, { copies, process: readers.databases, start, end: Math.ceil(micros()) });
  const reconciledAfter = reconciled?.took ?? null;
  const violations = [
    ...(told ? [] : ['nothing was judged: no client had an answer that tells of a pair']),
    ...(reconciled?.violations ?? []),
    ...unread,
    ...histories.flatMap(violationsOf),
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
