import type { Author } from '@attendance/common/contract/entities';
import { execute } from '@attendance/common/database/execute';
import { timestampJson } from '@attendance/common/database/json';
import type { Knex } from 'knex';
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

/** The authors table, as the contract sees it. */
export function createAuthorStore(database: Knex) {
  const author = database.raw(`${authorJson('authors')} AS author`);
  const run = async (query: Knex.QueryBuilder) =>
    (await execute<{ author: Author }>(database, query)).map((row) => row.author);

  return {
    async create({ full_name }: { full_name: string }): Promise<Author> {
      const [created] = await run(database('authors').insert({ id: v7(), full_name }).returning(author));
      return created as Author;
    },

    async get(id: string): Promise<Author | undefined> {
      const [found] = await run(database('authors').select(author).where({ id }));
      return found;
    },

    /** In the order of ids; at most `limit`. */
    async list({ after, limit }: { after: string | null; limit: number }): Promise<Author[]> {
      const query = database('authors').select(author).orderBy('id').limit(limit);
      return run(after === null ? query : query.where('id', '>', after));
    },

    /** Its claims go with it. @returns whether there was such an author */
    async delete(id: string): Promise<boolean> {
      const deleted = await execute(database, database('authors').where({ id }).delete().returning('id'));
      return deleted.length > 0;
    },
  };
}
