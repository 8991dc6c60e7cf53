import type { Author } from '@attendance/common/contract/entities';
import { timestampJson } from '@attendance/common/database/json';
import { run, sql } from '@attendance/common/database/sql';
import type { Knex } from 'knex';
import type { Query } from 'many-to-many/copy';
import { v7 } from 'uuid';

/** SQL: an author as the contract has it, in JSON, of a row of authors with this alias. */
export function authorJson(alias: string): string {
  return `
    json_build_object(
      'id', ${alias}.id,
      'full_name', ${alias}.full_name,
      'created_at', ${timestampJson(`${alias}.created_at`)}
    )`;
}

/** Reads and writes authors. `authors` is the view of those that exist, `all_authors` the table with the marked ones. */
export function createAuthorStore(query: Query) {
  const author = sql.raw(`${authorJson('authors')} AS author`);
  const read = async (builder: Knex.QueryBuilder) =>
    (await run<{ author: Author }>(query, builder)).map((row) => row.author);

  return {
    async create({ full_name }: { full_name: string }): Promise<Author> {
      const [created] = await read(sql('authors').insert({ id: v7(), full_name }).returning(author));
      return created as Author;
    },

    async get(id: string): Promise<Author | undefined> {
      const [found] = await read(sql('authors').select(author).where({ id }));
      return found;
    },

    /** Lists at most `limit` authors, in the order of ids. */
    async list({ after, limit }: { after: string | null; limit: number }): Promise<Author[]> {
      const page = sql('authors').select(author).orderBy('id').limit(limit);
      return read(after === null ? page : page.where('id', '>', after));
    },

    /** Marks an author as deleted. The purge deletes its claims, and then the row. @returns whether there was one */
    async delete(id: string): Promise<boolean> {
      const deleted_at = sql.fn.now();
      const marked = await run(query, sql('all_authors').where({ id, deleted_at: null }).update({ deleted_at }, 'id'));
      return marked.length > 0;
    },
  };
}
