import { NotExecuted } from '../outcome.ts';
import type { Query, Statement } from './query.ts';
import { provesRollback } from './sqlState.ts';

/** The part of a `pg` client that is used. */
export interface Connection {
  query: (statement: { name?: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>;
  release: (destroy?: boolean) => void;
  on: (event: 'error', listener: () => void) => unknown;
}

/** The part of `pg.Pool` that is used. */
export interface Pool {
  connect: () => Promise<Connection>;
  on: (event: 'error', listener: () => void) => unknown;
}

const ignore = () => undefined;

/**
 * Queries through a `pg.Pool`. If there is no connection, nothing was sent, which is certain. The error of a lost
 * connection reaches the statement that uses it; the pool drops an idle one by itself.
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
