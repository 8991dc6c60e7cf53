import { byPair, type RecordedOperation } from '../../test/support/history.ts';
import { drawHistory } from 'many-to-many/testing';
import type { History } from './histories.ts';
import { checkPair } from 'many-to-many/testing';

export interface HistoriesReport {
  operations: RecordedOperation[];
  /** How often each kind had each outcome, such as `add done`. */
  outcomes: Record<string, number>;
  /** What is wrong, each with its seed and history, and a drawing where an order is missing. */
  violations: string[];
}

/** Judges every pair of every history by itself. */
export function reportOn(histories: readonly History[]): HistoriesReport {
  const operations = histories.flatMap((history) => history.operations);
  return { operations, outcomes: countOutcomes(operations), violations: histories.flatMap(violationsOf) };
}

export function countOutcomes(operations: readonly RecordedOperation[]): Record<string, number> {
  const outcomes: Record<string, number> = {};
  for (const { kind, outcome } of operations) {
    const name = `${kind} ${outcome}`;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  }
  return outcomes;
}

export function violationsOf({ seed, number, operations, faults }: History): string[] {
  const disorder = byPair(operations).flatMap((pair) => {
    const verdict = checkPair(pair);
    return verdict.ok ? [] : [`${verdict.explanation}\n${drawHistory(verdict.prefix, verdict.failed)}`];
  });
  return [...faults, ...disorder].map((fault) => `seed ${seed}, history ${number}: ${fault}`);
}
