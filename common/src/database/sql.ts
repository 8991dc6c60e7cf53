import knex, { type Knex } from 'knex';
import { execute, type Query } from 'many-to-many/copy';
import { quiet } from './quiet.ts';

/** Builds queries, and has no connection. */
export const sql = knex({ client: 'pg', log: quiet });

/**
 * Runs a query that `sql` has built.
 * @throws {NotExecuted} {Unknown} as `execute` does
 */
export function run<Row>(query: Query, builder: Knex.QueryBuilder): Promise<Row[]> {
  const { sql: text, bindings } = builder.toSQL().toNative();
  return execute<Row>(query, { text, values: [...bindings] });
}
