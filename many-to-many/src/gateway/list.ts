import type { Environment } from '../environment.ts';
import type { CopyOperations } from '../operations.ts';
import { isFailure, notRead, type NotExecuted } from '../outcome.ts';
import type { Times } from '../times.ts';
import type { Asked } from './ask.ts';
import { sharedClaims } from './visible.ts';
import { withinDeadline } from './withinDeadline.ts';

/** A page request with valid values, and none left out. */
export interface CheckedPage {
  id: string;
  after: string | null;
  limit: number;
}

/**
 * A page. `next` is the `after` of the next request, null on the last page. A page may be short, even empty, and not be
 * the last.
 */
export type Listed<Entity, Item> =
  | { outcome: 'found'; entity: Entity; items: Item[]; next: string | null }
  | { outcome: 'entity_not_found' }
  | NotExecuted;

interface ListParts<Root, Leaf> extends Pick<Environment, 'now'> {
  /** The copy on the side of the entity whose pairs are listed. */
  root: Asked<CopyOperations<Root>>;
  /** The copy on the side of the entities that are listed. */
  leaf: Asked<CopyOperations<Leaf>>;
  times: Times;
  /** Orders the ids of the leaf's side. */
  compare: (a: string, b: string) => number;
}

/**
 * Lists the entities that are related to one, in the order of their ids. Both copies are asked at once for the pairs
 * after the cursor.
 */
export function createList<Root, Leaf>({ root, leaf, times, now, compare }: ListParts<Root, Leaf>) {
  return ({ id, after, limit }: CheckedPage, requestId: string): Promise<Listed<Root, Leaf>> =>
    withinDeadline({ now }, times, async () => {
      const item = { id, after, limit, request_ids: [requestId] };
      const [byRoot, byLeaf] = await Promise.all([root.listByOwn(item), leaf.listByOther(item)]);
      if (byRoot.outcome === 'entity_not_found') return { outcome: 'entity_not_found' };
      if (isFailure(byRoot)) return notRead(byRoot);
      if (isFailure(byLeaf)) return notRead(byLeaf);
      const claims = new Map(byRoot.pairs.map((pair) => [pair.id, pair.claims]));
      const items = byLeaf.pairs
        .filter((pair) => sharedClaims(pair.claims, claims.get(pair.id) ?? []).length > 0)
        .map((pair) => pair.entity);
      return { outcome: 'found', entity: byRoot.entity, items, next: horizon([byRoot, byLeaf], compare) };
    });
}

interface Page {
  pairs: { id: string }[];
  more: boolean;
}

/**
 * How far all pages reach: the smallest last id of those that have more, null if none has. What lies beyond it stands
 * in one page only, and is left to the next request.
 */
export function horizon(pages: Page[], compare: (a: string, b: string) => number): string | null {
  const ends = pages.filter(({ more }) => more).map(({ pairs }) => pairs.at(-1)?.id ?? '');
  return ends.sort(compare)[0] ?? null;
}
