import type { Environment } from '../environment.ts';
import type { CopyOperations } from '../operations.ts';
import { isFailure, notRead, type NotExecuted } from '../outcome.ts';
import type { Times } from '../times.ts';
import type { Asked } from './ask.ts';
import { sharedClaims } from './visible.ts';
import { withinDeadline } from './withinDeadline.ts';

/** A page request whose values are valid and complete. */
export interface CheckedPage {
  id: string;
  after: string | null;
  limit: number;
}

/**
 * One page of a list. `next` is the `after` of the next request, and null on the last page. A page that is short, or
 * even empty, need not be the last.
 */
export type Listed<Entity, Item> =
  | { outcome: 'found'; entity: Entity; items: Item[]; next: string | null }
  | { outcome: 'entity_not_found' }
  | NotExecuted;

interface ListParts<Root, Leaf> extends Pick<Environment, 'now'> {
  /** The copy on the side of the entity whose pairs are listed, the root. */
  root: Asked<CopyOperations<Root>>;
  /** The copy on the side of the entities that are listed, the leaves. */
  leaf: Asked<CopyOperations<Leaf>>;
  times: Times;
  /** Orders the ids of the leaf's side. */
  compare: (a: string, b: string) => number;
}

/**
 * Makes a list operation. It lists the entities that are related to a root entity, in the order of their ids. It asks
 * both copies in parallel for the pairs after the cursor.
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
 * Returns the id up to which both pages are complete: the smallest last id of the pages that have more, or null if no
 * page has more. Pairs beyond it may be missing on one page, so the next request lists them.
 */
export function horizon(pages: Page[], compare: (a: string, b: string) => number): string | null {
  const ends = pages.filter(({ more }) => more).map(({ pairs }) => pairs.at(-1)?.id ?? '');
  return ends.sort(compare)[0] ?? null;
}
