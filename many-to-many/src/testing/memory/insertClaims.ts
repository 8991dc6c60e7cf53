import type { ItemOf } from '../../operation.ts';
import { maxClaimsOfPair, type CopyOperations, type InsertOutcome } from '../../operations.ts';
import { isExpired, type MemoryCopy, type Statement } from './memoryCopy.ts';

export type InsertItem = ItemOf<CopyOperations<unknown>['insertClaims']>;

/**
 * Judges the items by the statement's snapshot, and inserts when it commits. It does not see what others commit
 * between the two: a claim that arrived meanwhile, or its tombstone, stays as it is.
 */
export function insertClaims<Entity>(copy: MemoryCopy<Entity>, items: InsertItem[]): Statement<InsertOutcome<Entity>> {
  const shared: string[] = [];
  const arriving = new Map<string, InsertItem | 'limit_reached'>();

  function judge(item: InsertItem): InsertOutcome<Entity> {
    const ownId = item[copy.own];
    const entity = copy.entities.get(ownId);
    if (!entity) return { outcome: 'entity_not_found' };
    if (isExpired(item.claim_id, copy)) return { outcome: 'expired' };
    if (!copy.share(ownId)) return { outcome: 'entity_locked' };
    shared.push(ownId);
    const claims = copy.held(item).filter((id) => id !== item.claim_id);
    if (copy.claims.has(item.claim_id)) return { outcome: 'accepted', entity, claims };
    if (!arriving.has(item.claim_id)) {
      const room = maxClaimsOfPair - claims.length - arrivingOf(item);
      arriving.set(item.claim_id, room > 0 ? item : 'limit_reached');
    }
    const fits = arriving.get(item.claim_id) !== 'limit_reached';
    return { outcome: fits ? 'accepted' : 'limit_reached', entity, claims };
  }

  const arrivingOf = ({ left, right }: InsertItem) =>
    [...arriving.values()].filter((other) => other !== 'limit_reached' && other.left === left && other.right === right)
      .length;

  const outcomes = items.map(judge);
  return {
    outcomes,
    changes: [...arriving].flatMap(([claim, item]) => (item === 'limit_reached' ? [] : [claim])),
    commit: () => {
      for (const item of arriving.values()) {
        if (item === 'limit_reached' || copy.claims.has(item.claim_id)) continue;
        const { claim_id, left, right } = item;
        copy.claims.set(claim_id, { claim_id, left, right, retired: false });
      }
      copy.unshare(shared);
    },
    rollback: () => copy.unshare(shared),
  };
}
