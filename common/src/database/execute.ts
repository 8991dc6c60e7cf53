import type { Knex } from 'knex';
import type pg from 'pg';
import { Problem } from '../contract/problems.ts';
import { mayRunAgain, provesRollback } from './failures.ts';

/** SQL that is parsed once per connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** How often a statement that PostgreSQL rolled back for the sake of another is run, at most. */
const maxRuns = 3;

/**
 * Runs one statement, a transaction of its own: the only way in which a service queries its database.
 *
 * @returns the rows, of the shape that the caller knows its SQL to give
 * @throws {Problem} `not_executed` where it was never sent or PostgreSQL answered that it rolled back, else
 *   `outcome_unknown`; either with the `cause`
 */
export async function execute<Row>(database: Knex, query: Statement | Knex.QueryBuilder): Promise<Row[]> {
  const statement = 'text' in query ? query : toStatement(query);
  for (let run = 1; ; run += 1) {
    try {
      return (await runOnce(database, statement)) as Row[];
    } catch (error) {
      if (error instanceof Problem && mayRunAgain(error.cause) && run < maxRuns) continue;
      throw error;
    }
  }
}

function toStatement(query: Knex.QueryBuilder): { text: string; values: unknown[] } {
  const { sql, bindings } = query.toSQL().toNative();
  return { text: sql, values: [...bindings] };
}

async function runOnce(database: Knex, statement: { text: string; values: unknown[] }): Promise<unknown[]> {
  const client = database.client as Knex.Client;
  const connection = await acquire(client);
  try {
    const result = await connection.query<object>(statement);
    return result.rows;
  } catch (error) {
    if (provesRollback(error)) throw new Problem('not_executed', { cause: error });
    abandon(connection);
    throw new Problem('outcome_unknown', { cause: error });
  } finally {
    client.releaseConnection(connection);
  }
}

type Connection = pg.Client & { __knex__disposed?: string };

async function acquire(client: Knex.Client): Promise<Connection> {
  try {
    return (await client.acquireConnection()) as Connection;
  } catch (error) {
    throw new Problem('not_executed', { cause: error });
  }
}

/**
 * Cuts a connection whose statement was not answered, or which the server is about to cut: an answer that still comes
 * must not be taken for that of the next statement. The mark is knex's own; its pool never hands out what has it.
 */
function abandon(connection: Connection): void {
  connection.__knex__disposed = 'it failed under a statement';
  connection.end().catch(() => undefined);
}
