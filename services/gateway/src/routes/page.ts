import { uuid, type PageRequest } from 'many-to-many';
import { decodeCursor, encodeCursor } from '@attendance/common/http/cursor';

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

/** Reads the page that a request asks for, and makes the cursor of the next. `scope` is the route with its parent. */
export function page(id: string, scope: string, { limit, cursor }: PageQuery) {
  const request: Required<PageRequest> = {
    id,
    limit,
    after: cursor === undefined ? null : decodeCursor(cursor, scope, uuid),
  };
  return { request, nextCursor: (key: string | null) => (key === null ? null : encodeCursor(scope, key)) };
}
