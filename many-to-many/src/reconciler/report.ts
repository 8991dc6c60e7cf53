import { earlier, firstId } from '../claimIds.ts';
import type { Drop, DropReason } from './drop.ts';

/** The report of a scan, or of a comparison of new claims. */
export interface ScanReport {
  /** Whether it compared `all` stable claims, or only those that are `new` since the last scan. */
  scope: 'all' | 'new';
  /** `tripped`: a person must accept the drops. `wrong_database`: accepting would not help. */
  outcome: 'reconciled' | 'tripped' | 'wrong_database' | 'unanswered';
  /** Why the scan is not complete; null if it is. In a dry run, why a guarded scan would not be complete. */
  reason: string | null;
  /** The number of compared claims, in the copy that holds more of them. */
  claims: number;
  /** The number of half claims that the scan found. */
  half: number;
  /** How many of them are of entities that their owner service has marked as deleted. The guard does not count these. */
  marked: number;
  /** The id of the oldest half claim that was not dropped; null if there is none. */
  oldest: string | null;
  /** The numbers of rows that were dropped, or would be. A surplus claim is one row in each copy. */
  dropped: Record<DropReason, number>;
  /** All compared claims come before this claim id. */
  stable_before: string;
}

export function newReport(scope: ScanReport['scope']): ScanReport {
  return {
    scope,
    outcome: 'reconciled',
    reason: null,
    claims: 0,
    half: 0,
    marked: 0,
    oldest: null,
    dropped: { half: 0, entity_deleted: 0, entity_marked: 0, surplus: 0 },
    stable_before: firstId,
  };
}

export function noteDropped(report: ScanReport, drops: readonly Drop[]): void {
  for (const { reason } of drops) report.dropped[reason] += 1;
}

export function noteNotDropped(report: ScanReport, claims: readonly { claim_id: string }[]): void {
  for (const { claim_id } of claims) report.oldest = earlier(report.oldest ?? claim_id, claim_id);
}
