import { maxClaimsOfPair, type InsertItem, type InsertOutcome } from '@attendance/common/contract/claims';
import { isExpired, type MemoryCopy, type Statement } from './copy.ts';

/**
 * Judges the items as the statement's snapshot shows them, and inserts when it commits: what others commit between
 * the two is not seen, and a claim that came meanwhile, or its mark, stays as it is.
 */
export function insertClaims<E extends { id: string }>(
  copy: MemoryCopy<E>,
  items: InsertItem[],
): Statement<InsertOutcome<E>> {
  const shared: string[] = [];
  const arriving = new Map<string, InsertItem | 'full'>();

  function judge(item: InsertItem): InsertOutcome<E> {
    const owned = item[copy.owned];
    const entity = copy.entities.get(owned);
    if (!entity) return { outcome: 'unknown_owner' };
    if (isExpired(item.claim_id, copy)) return { outcome: 'expired' };
    if (!copy.share(owned)) return { outcome: 'busy' };
    shared.push(owned);
    const claims = copy.held(owned, item[copy.foreign]).filter((id) => id !== item.claim_id);
    if (copy.claims.has(item.claim_id)) return { outcome: 'taken', entity, claims };
    if (!arriving.has(item.claim_id)) {
      const room = maxClaimsOfPair - claims.length - arrivingOf(item);
      arriving.set(item.claim_id, room > 0 ? item : 'full');
    }
    return { outcome: arriving.get(item.claim_id) === 'full' ? 'full' : 'taken', entity, claims };
  }

  const arrivingOf = ({ event_id, author_id }: InsertItem) =>
    [...arriving.values()].filter(
      (other) => other !== 'full' && other.event_id === event_id && other.author_id === author_id,
    ).length;

  const outcomes = items.map(judge);
  return {
    outcomes,
    changes: [...arriving].flatMap(([claim, item]) => (item === 'full' ? [] : [claim])),
    commit: () => {
      for (const item of arriving.values()) {
        if (item === 'full' || copy.claims.has(item.claim_id)) continue;
        const { claim_id } = item;
        copy.claims.set(claim_id, { claim_id, owned: item[copy.owned], foreign: item[copy.foreign], retired: false });
      }
      copy.unshare(shared);
    },
    rollback: () => copy.unshare(shared),
  };
}
