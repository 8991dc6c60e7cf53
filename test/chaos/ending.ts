import type { History } from '../consistency/histories.ts';
import { createRandom } from '../consistency/random.ts';
import { violationsOf } from '../consistency/report.ts';
import { micros } from '../support/history.ts';
import { judgeCopies, readCopies, waitUntilReconciled, type AskCopy, type Copies } from './copies.ts';
import { readInCopies, readOnceMore } from './lastReads.ts';

export interface Ending {
  /** How many histories were read once more from all directions. */
  readAgain: number;
  copies: Copies;
  violations: string[];
}

interface EndingOptions {
  gateways: string[];
  /** Milliseconds that a client waits for an answer. */
  timeout: number;
  ask: AskCopy;
  /** Milliseconds in which the copies have to become the same first; null where nobody waits for that. */
  reconciledWithin: number | null;
  /** How many histories to read once more from all directions; the copies are compared for all of them. */
  sample?: number;
}

/**
 * Judges all histories when everything runs again and nothing is under way any more, after a last look at their pairs.
 */
export async function judgeInTheEnd(
  histories: readonly History[],
  { gateways, timeout, ask, reconciledWithin, sample = 500 }: EndingOptions,
): Promise<Ending> {
  const again = createRandom(histories.length).shuffled(histories).slice(0, sample);
  const left = reconciledWithin === null ? [] : await waitUntilReconciled(ask, reconciledWithin);
  const before = await readCopies(ask);
  await readOnceMore(again, gateways, timeout);
  const start = Math.floor(micros());
  const copies = await readCopies(ask);
  readInCopies(histories, copies, { start, end: Math.ceil(micros()) });
  const violations = [...left, ...histories.flatMap(violationsOf), ...judgeCopies(before, copies)];
  return { readAgain: again.length, copies, violations };
}
