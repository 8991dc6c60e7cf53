import { uuid, type PageRequest } from 'many-to-many';
import { decodeCursor, encodeCursor } from '@attendance/common/http/cursor';

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

/** A list's page: what to ask the protocol for, and how the cursor after it is written. `scope` is route and parent. */
export function page(id: string, scope: string, { limit, cursor }: PageQuery) {
  const request: Required<PageRequest> = { id, limit, after: cursor === undefined ? null : decodeCursor(cursor, scope, uuid) };
  return { request, nextCursor: (key: string | null) => (key === null ? null : encodeCursor(scope, key)) };
}
