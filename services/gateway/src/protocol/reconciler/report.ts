import { earlier, firstId } from './ids.ts';
import type { Drop, DropReason } from './settle.ts';

export interface WalkReport {
  /** Whether it went through all settled claims, or those that were settled since a walk. */
  through: 'all' | 'new';
  /** `stopped` until a person accepts what it would do, `wrong_database` where that would not help. */
  outcome: 'reconciled' | 'stopped' | 'wrong_database' | 'unanswered';
  /** Why it did not reach its end; of a dry run: why a guarded walk would not. */
  reason: string | null;
  /** Claims that were compared: those of the copy that has more of them. */
  claims: number;
  /** Half claims that were seen. */
  half: number;
  /** The oldest of them that was left where it was, as all are while nothing may be dropped. */
  oldest: string | null;
  /** Rows that were dropped, or would be: a surplus claim is one in each copy. */
  dropped: Record<DropReason, number>;
  /** Where what was compared ends. */
  settled_before: string;
}

export function newReport(through: WalkReport['through']): WalkReport {
  return {
    through,
    outcome: 'reconciled',
    reason: null,
    claims: 0,
    half: 0,
    oldest: null,
    dropped: { half: 0, entity_deleted: 0, surplus: 0 },
    settled_before: firstId,
  };
}

export function noteDropped(report: WalkReport, drops: readonly Drop[]): void {
  for (const { reason } of drops) report.dropped[reason] += 1;
}

export function noteLeft(report: WalkReport, claims: readonly { claim_id: string }[]): void {
  for (const { claim_id } of claims) report.oldest = earlier(report.oldest ?? claim_id, claim_id);
}
