import { byPair, type RecordedOperation } from '../../test/support/history.ts';
import { checkPair, drawHistory } from 'many-to-many/testing';
import type { History } from './histories.ts';

interface HistoriesReport {
  operations: RecordedOperation[];
  /** The number of observations by kind and outcome, such as `add done`. */
  outcomes: Record<string, number>;
  /** The violations with their seeds and histories, and a drawing of each history that is not linearizable. */
  violations: string[];
}

/** Checks every pair of every history. */
export function checkHistories(histories: readonly History[]): HistoriesReport {
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

export function violationsOf({ seed, number, operations, contractViolations }: History): string[] {
  const notLinearizable = byPair(operations).flatMap((pair) => {
    const verdict = checkPair(pair);
    return verdict.ok ? [] : [`${verdict.explanation}\n${drawHistory(verdict.prefix, verdict.failed)}`];
  });
  return [...contractViolations, ...notLinearizable].map((text) => `seed ${seed}, history ${number}: ${text}`);
}
