import type { AskedOwner } from './ask.ts';
import type { Dependencies } from './dependencies.ts';
import { inTime } from './inTime.ts';
import { noAnswer, sharedClaims } from './visible.ts';

export interface PageRequest {
  /** The entity whose attendances are listed. */
  id: string;
  /** The last key of the page before; null for the first page. */
  after: string | null;
  limit: number;
}

export type Listed<Root, Leaf> =
  | { outcome: 'found'; entity: Root; items: Leaf[]; next: string | null }
  | { outcome: 'missing' }
  | { outcome: 'not_executed'; reason: string };

interface Page<Item extends { id: string }> {
  pairs: Item[];
  more: boolean;
}

/**
 * Lists one entity's attendances in the order of the other side's ids. `root` owns the entity, `leaf` owns what is
 * listed; both are asked at once for the pairs after the cursor.
 */
export function createList<Root, Leaf>(
  { root, leaf }: { root: AskedOwner<Root>; leaf: AskedOwner<Leaf> },
  clock: Pick<Dependencies, 'now' | 'times'>,
) {
  return ({ id, after, limit }: PageRequest, requestId: string): Promise<Listed<Root, Leaf>> =>
    inTime(clock, async () => {
      const page = { after, limit, request_ids: [requestId] };
      const [byRoot, byLeaf] = await Promise.all([
        root.listByOwned({ owned_id: id, ...page }),
        leaf.listByForeign({ foreign_id: id, ...page }),
      ]);
      if (byRoot.outcome === 'unknown_owner') return { outcome: 'missing' };
      if (byRoot.outcome !== 'found') return noAnswer(byRoot);
      if (byLeaf.outcome !== 'found') return noAnswer(byLeaf);
      const next = horizon(byRoot, byLeaf);
      const claims = new Map(byRoot.pairs.map((pair) => [pair.id, pair.claims]));
      const items = byLeaf.pairs
        .filter((pair) => sharedClaims(pair.claims, claims.get(pair.id) ?? []).length > 0)
        .map((pair) => pair.entity);
      return { outcome: 'found', entity: byRoot.entity, items, next };
    });
}

/**
 * How far both pages reach: the smaller last key of those that say more follow, null if neither does. What lies
 * beyond was told by one of them only, and is left to the next page.
 */
export function horizon(...pages: Page<{ id: string }>[]): string | null {
  const ends = pages.filter(({ more }) => more).map(({ pairs }) => pairs.at(-1)?.id ?? '');
  return ends.sort()[0] ?? null;
}
