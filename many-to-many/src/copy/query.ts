import { isFailure, NotExecuted, Unknown } from '../outcome.ts';
import { mayRunAgain, provesRollback } from './sqlState.ts';

/** One SQL statement. A driver that can prepares it once for each connection, under its name if it has one. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Runs a statement as a transaction of its own, and gives its rows. JSON columns are parsed, uuid arrays are arrays of
 * strings.
 * @throws {NotExecuted} if it certainly was not sent; else PostgreSQL's error with its SQLSTATE in `code` and its
 *   `severity`, or any other error
 */
export type Query = (statement: Statement) => Promise<{ rows: unknown[] }>;

/** How often a statement is run that PostgreSQL rolls back for the sake of another one. */
const maxRuns = 3;

/**
 * Runs one statement, and once more or twice if it was rolled back for the sake of another one.
 *
 * @returns the rows, of the shape that the caller knows its SQL to give
 * @throws {NotExecuted} if it was not sent, or PostgreSQL proved that it was rolled back; else {Unknown}. Either has
 *   the driver's error as its `cause`.
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

/** Runs a statement that answers each item with one row, in their order, whose `outcome` is JSON. */
export async function outcomes<Outcome>(query: Query, statement: Statement): Promise<Outcome[]> {
  const rows = await execute<{ outcome: Outcome }>(query, statement);
  return rows.map(({ outcome }) => outcome);
}
