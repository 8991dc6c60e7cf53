import { isFailure, NotExecuted, Unknown } from '../outcome.ts';
import { mayRunAgain, provesRollback } from './sqlState.ts';

/** One SQL statement with its parameters. If it has a name, a driver may prepare it once for each connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Runs a statement as a transaction of its own, and resolves to its rows. JSON columns are parsed, and uuid arrays are
 * arrays of strings. It rejects with `NotExecuted` if the statement was certainly not sent, or with PostgreSQL's error,
 * which has its SQLSTATE in `code` and its `severity`. After any other error, the outcome is unknown.
 */
export type Query = (statement: Statement) => Promise<{ rows: unknown[] }>;

/** The most runs of a statement that PostgreSQL rolls back because of another transaction. */
const maxRuns = 3;

/**
 * Runs one statement, up to three times if PostgreSQL rolls it back because of another transaction.
 *
 * @returns the rows, whose columns are those of the SQL
 * @throws NotExecuted if the statement was not sent or certainly rolled back, else Unknown; the driver's error is the
 *   `cause`
 */
export async function execute<Row>(query: Query, statement: Statement): Promise<Row[]> {
  for (let run = 1; ; run += 1) {
    try {
      return (await query(statement)).rows as Row[];
    } catch (error) {
      if (isFailure(error)) throw error;
      if (!provesRollback(error)) throw new Unknown(messageOf(error), { cause: error });
      if (mayRunAgain(error) && run < maxRuns) continue;
      throw new NotExecuted(messageOf(error), { cause: error });
    }
  }
}

const messageOf = (error: unknown) => `PostgreSQL: ${error instanceof Error ? error.message : String(error)}`;

/** Runs a statement that returns one row for each item, in their order. Its column `outcome` is the outcome as JSON. */
export async function outcomes<Outcome>(query: Query, statement: Statement): Promise<Outcome[]> {
  const rows = await execute<{ outcome: Outcome }>(query, statement);
  return rows.map(({ outcome }) => outcome);
}
