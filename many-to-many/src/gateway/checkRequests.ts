import { ids } from '../ids.ts';
import { requestIdPattern } from '../operation.ts';
import { maxPage } from '../operations.ts';
import type { Pair, Relation, SideName } from '../relation.ts';
import type { CheckedPage } from './list.ts';
import type { EntityNotFound } from './visible.ts';

/** A request for one page of a list. */
export interface PageRequest {
  /** The entity whose pairs are listed. */
  id: string;
  /** The `next` of the previous page. Null or left out for the first page. */
  after?: string | null;
  /** The most pairs that the page covers, from 1 to 500; 100 if left out. */
  limit?: number;
}

const defaultLimit = 100;
const sideNames = ['left', 'right'] as const;

/**
 * Makes functions that check the arguments of callers. The items of several callers share a batch, and an owner service
 * refuses a whole batch if one item is malformed.
 */
export function checkRequests(relation: Relation<unknown, unknown>, newId: () => string) {
  /** Returns an id in its canonical form; null if no entity of that side can have it. */
  function parse(side: SideName, name: string, id: string): string | null {
    // a caller in JavaScript, without types
    if (typeof id !== 'string') throw new TypeError(`${name} must be a string (got ${typeof id})`);
    return ids[relation[side].id].schema.safeParse(id).data ?? null;
  }

  function parseRequestId(id = newId()): string {
    if (requestIdPattern.test(id)) return id;
    throw new RangeError(`requestId must match ${requestIdPattern.source} (got "${id}")`);
  }

  function parsePage(root: SideName, page: PageRequest): CheckedPage | null {
    const { id, after = null, limit = defaultLimit } = page;
    if (!Number.isInteger(limit) || limit < 1 || limit > maxPage)
      throw new RangeError(`limit must be a whole number from 1 to ${maxPage} (got ${limit})`);
    const cursor = after === null ? null : parse(root === 'left' ? 'right' : 'left', 'after', after);
    if (cursor === null && after !== null) throw new RangeError(`after must be an id (got "${after}")`);
    const rootId = parse(root, 'id', id);
    return rootId === null ? null : { id: rootId, after: cursor, limit };
  }

  return {
    onPair:
      <Result>(run: (pair: Pair, requestId: string) => Promise<Result>) =>
      async (pair: Pair, requestId?: string): Promise<Result | EntityNotFound> => {
        const id = parseRequestId(requestId);
        const left = parse('left', 'left', pair.left);
        const right = parse('right', 'right', pair.right);
        if (left !== null && right !== null) return run({ left, right }, id);
        const parsed = { left, right };
        return { outcome: 'entity_not_found', missing: sideNames.filter((side) => parsed[side] === null) };
      },

    /** @param root the side of the entity whose pairs are listed */
    onPage:
      <Result>(root: SideName, run: (page: CheckedPage, requestId: string) => Promise<Result>) =>
      async (page: PageRequest, requestId?: string): Promise<Result | { outcome: 'entity_not_found' }> => {
        const id = parseRequestId(requestId);
        const checked = parsePage(root, page);
        return checked ? run(checked, id) : { outcome: 'entity_not_found' };
      },
  };
}
