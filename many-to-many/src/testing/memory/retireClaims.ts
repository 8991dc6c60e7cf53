import { timeOf } from '../../claimIds.ts';
import type { ItemOf } from '../../operation.ts';
import type { CopyOperations, RetireOutcome } from '../../operations.ts';
import { isExpired, type MemoryCopy, type Statement } from './memoryCopy.ts';

export type RetireItem = ItemOf<CopyOperations<unknown>['retireClaims']>;

/**
 * Leaves a tombstone of each claim that is younger than the grace period, also if it has not arrived; deletes the older
 * ones.
 */
export function retireClaims(copy: MemoryCopy<unknown>, items: RetireItem[]): Statement<RetireOutcome> {
  const shared: string[] = [];
  const retired: RetireItem[] = [];

  function judge(item: RetireItem): RetireOutcome {
    if (item.remove_id !== null && isExpired(item.remove_id, copy)) return { outcome: 'expired' };
    const ownId = item[copy.own];
    if (!copy.entities.has(ownId)) return { outcome: 'retired' };
    if (!copy.share(ownId)) return { outcome: 'entity_locked' };
    shared.push(ownId);
    retired.push(item);
    return { outcome: 'retired' };
  }

  function retire({ left, right }: RetireItem, claim_id: string): void {
    const young = timeOf(claim_id) >= copy.clock() - copy.times.graceMs;
    if (young) copy.claims.set(claim_id, { claim_id, left, right, retired: true });
    else copy.claims.delete(claim_id);
  }

  const outcomes = items.map(judge);
  return {
    outcomes,
    changes: retired.flatMap(({ claim_ids }) => claim_ids),
    commit: () => {
      for (const item of retired) for (const claim of item.claim_ids) retire(item, claim);
      copy.unshare(shared);
    },
    rollback: () => copy.unshare(shared),
  };
}
