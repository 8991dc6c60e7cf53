import { NotExecuted } from '../outcome.ts';
import type { Query, Statement } from './query.ts';
import { provesRollback } from './sqlState.ts';

/** The part of a `pg` client that is used. */
export interface Connection {
  /** Runs a statement. */
  query: (statement: { name?: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>;
  /** Gives the connection back to the pool, or closes it. */
  release: (destroy?: boolean) => void;
  /** Adds a listener for the loss of the connection. */
  on: (event: 'error', listener: () => void) => unknown;
}

/** The part of `pg.Pool` that is used. */
export interface Pool {
  /** Gives a connection, or rejects if none is free in time. */
  connect: () => Promise<Connection>;
  /** Adds a listener for the loss of an idle connection. */
  on: (event: 'error', listener: () => void) => unknown;
}

const ignore = () => undefined;

/**
 * Makes a query function over a `pg.Pool`. If the pool has no connection in time, nothing was sent, which is certain.
 * The error of a lost connection reaches the statement that uses it. The pool drops an idle connection by itself.
 */
export function overPool(pool: Pool): Query {
  // an error event without a listener would end the process
  pool.on('error', ignore);
  const heard = new WeakSet<Connection>();
  return async (statement: Statement) => {
    const connection = await pool.connect().catch((cause: unknown) => {
      throw new NotExecuted(`no connection: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
    if (!heard.has(connection)) connection.on('error', ignore);
    heard.add(connection);
    let destroy = false;
    try {
      return await connection.query(statement);
    } catch (error) {
      // a late answer to this statement must not be taken for the answer to the next
      destroy = !provesRollback(error);
      throw error;
    } finally {
      connection.release(destroy);
    }
  };
}
