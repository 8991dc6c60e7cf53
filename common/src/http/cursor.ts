import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { Problem } from '../contract/problems.ts';

/**
 * Makes a cursor for the page after `key`. It is valid for one `scope` only: a route with its parent, such as
 * `event/0197…/attendance`.
 */
export function encodeCursor(scope: string, key: string | number): string {
  return Buffer.from(JSON.stringify([fingerprint(scope), key])).toString('base64url');
}

/**
 * Reads the key from a cursor.
 * @returns null if there is no cursor
 * @throws {Problem} invalid_request if `encodeCursor` did not make the cursor for this scope
 */
export function decodeCursor<Key extends z.ZodType<string | number>>(
  cursor: string | undefined,
  scope: string,
  keySchema: Key,
): z.output<Key> | null {
  if (cursor === undefined) return null;
  const key = keySchema.safeParse(keyOf(cursor));
  // compared with a new one, so that each key has one cursor only
  if (key.success && encodeCursor(scope, key.data) === cursor) return key.data;
  throw new Problem('invalid_request', {
    errors: [{ path: 'query.cursor', message: 'must be a next_cursor of this list' }],
  });
}

/** Makes a page of `limit` rows, and the cursor of the next one. One row more was read, to see whether there is one. */
export function cutPage<Row>(
  rows: Row[],
  { limit, scope, key }: { limit: number; scope: string; key: (row: Row) => string | number },
): { items: Row[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, next_cursor: more ? encodeCursor(scope, key(last)) : null };
}

function keyOf(cursor: string): unknown {
  try {
    return (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[])[1];
  } catch {
    return undefined;
  }
}

function fingerprint(scope: string): string {
  return createHash('sha256').update(scope).digest('base64url').slice(0, 8);
}
