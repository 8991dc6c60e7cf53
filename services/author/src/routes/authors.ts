import type { authorContract } from '@attendance/common/contract/author';
import { uuid } from 'many-to-many';
import { cutPage, decodeCursor } from '@attendance/common/http/cursor';
import type { Handlers } from '@attendance/common/http/handlers';
import { missing } from '@attendance/common/http/missing';
import type { Query } from 'many-to-many/copy';
import { createAuthorStore } from '../store/authors.ts';

/** Creates, reads, lists and deletes authors. */
export function authorHandlers(query: Query): Handlers<typeof authorContract> {
  const authors = createAuthorStore(query);
  const scope = 'author';

  return {
    createAuthor: async ({ body }) => {
      const author = await authors.create(body);
      return { status: 201, location: `/author/${author.id}`, body: author };
    },

    listAuthors: async ({ query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, scope, uuid);
      const rows = await authors.list({ after, limit: limit + 1 });
      return { status: 200, body: cutPage(rows, { limit, scope, key: (author) => author.id }) };
    },

    getAuthor: async ({ params: { id } }) => {
      const author = await authors.get(id);
      return author ? { status: 200, body: author } : missing('author', { path: 'params.id', id });
    },

    deleteAuthor: async ({ params: { id } }) =>
      (await authors.delete(id)) ? { status: 204 } : missing('author', { path: 'params.id', id }),
  };
}
