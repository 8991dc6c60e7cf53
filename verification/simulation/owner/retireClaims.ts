import type { RetireItem, RetireOutcome } from '@attendance/common/contract/claims';
import { isExpired, timeOf, type MemoryCopy, type Statement } from './copy.ts';

/** Marks the claims that are younger than grace, also where they have not arrived; deletes the older ones. */
export function retireClaims(copy: MemoryCopy<{ id: string }>, items: RetireItem[]): Statement<RetireOutcome> {
  const shared: string[] = [];
  const retired: RetireItem[] = [];

  function judge(item: RetireItem): RetireOutcome {
    if (item.remove_id !== null && isExpired(item.remove_id, copy)) return { outcome: 'expired' };
    const owned = item[copy.owned];
    if (!copy.entities.has(owned)) return { outcome: 'retired' };
    if (!copy.share(owned)) return { outcome: 'busy' };
    shared.push(owned);
    retired.push(item);
    return { outcome: 'retired' };
  }

  function retire(item: RetireItem, claim_id: string): void {
    const young = timeOf(claim_id) >= copy.clock() - copy.times.grace;
    if (young)
      copy.claims.set(claim_id, { claim_id, owned: item[copy.owned], foreign: item[copy.foreign], retired: true });
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
