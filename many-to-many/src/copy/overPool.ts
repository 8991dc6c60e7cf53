import { machine } from '../environment.ts';
import { NotExecuted, Unknown } from '../outcome.ts';
import { createTimes, type Times } from '../times.ts';
import type { Query, Statement } from './query.ts';
import { isReadOnly, isUnreplicated, provesRollback } from './sqlState.ts';

/** The part of a `pg` client that is used. */
export interface Connection {
  /** Runs a statement. */
  query: (statement: { name?: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>;
  /** Gives the connection back to the pool, or closes it. */
  release: (destroy?: boolean) => void;
  /** Adds a listener for the loss of the connection, or for PostgreSQL's notices and warnings. */
  on: (event: 'error' | 'notice', listener: (notice: unknown) => void) => unknown;
}

/** The part of `pg.Pool` that is used. */
export interface Pool {
  /** The number of connections, with those that are being made. */
  readonly totalCount: number;
  /** Gives a connection, or rejects if none can be made. */
  connect: () => Promise<Connection>;
  /** Adds a listener for the loss of an idle connection, for a new connection, and for one that is gone. */
  on: (event: 'error' | 'connect' | 'remove', listener: () => void) => unknown;
}

/** Says that there was no connection in time, and which bound was reached. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
  /** `pool_wait` if all connections were in use, `connect` if one was being made. */
  readonly bound: 'pool_wait' | 'connect';

  constructor(bound: 'pool_wait' | 'connect', message: string) {
    super(message);
    this.bound = bound;
  }
}

const ignore = () => undefined;

/**
 * Makes a query function over a `pg.Pool`. If the pool has no connection in time, nothing was sent, which is certain.
 * The error of a lost connection reaches the statement that uses it. The pool drops an idle connection by itself.
 */
export function overPool(pool: Pool, times: Times = createTimes()): Query {
  // an error event without a listener would end the process
  pool.on('error', ignore);
  const heard = new WeakSet<Connection>();
  /** The connections whose present statement is committed, but perhaps at no standby. */
  const unreplicated = new WeakSet<Connection>();
  const connect = connectInTime(pool, times);
  return async (statement: Statement) => {
    const connection = await connect().catch((cause: unknown) => {
      throw new NotExecuted(`no connection: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
    if (!heard.has(connection)) {
      connection.on('error', ignore);
      connection.on('notice', (notice) => isUnreplicated(notice) && unreplicated.add(connection));
    }
    heard.add(connection);
    unreplicated.delete(connection);
    let destroy = false;
    try {
      const result = await connection.query(statement);
      if (unreplicated.has(connection)) throw new Unknown('PostgreSQL: committed, but perhaps at no standby');
      return result;
    } catch (error) {
      // A late answer to this statement must not be taken for the answer to the next. A session that is read-only may
      // stay so after the server is not.
      destroy = !provesRollback(error) || isReadOnly(error);
      throw error;
    } finally {
      connection.release(destroy);
    }
  };
}

/**
 * Bounds the wait for a connection: `waitMs` while all are in use. One that is being made may take longer, as its
 * several round trips do if the database is far away, but not so long that the gateway would miss the answer. It is then
 * made for those who come later.
 */
function connectInTime(pool: Pool, { waitMs, callMs }: Times): () => Promise<Connection> {
  let made = 0;
  pool.on('connect', () => (made += 1));
  pool.on('remove', () => (made -= 1));
  const connectWaitMs = callMs - waitMs;

  return () =>
    new Promise((resolve, reject) => {
      let isLate = false;
      const giveUp = (error: NoConnection) => {
        isLate = true;
        reject(error);
      };
      const whenSlow = () => {
        if (pool.totalCount <= made)
          giveUp(new NoConnection('pool_wait', `all ${made} were in use for ${waitMs} ms (pool wait)`));
        else cancel = machine.timer(connectWaitMs - waitMs, whenTooSlow);
      };
      const whenTooSlow = () =>
        giveUp(new NoConnection('connect', `the database accepted none within ${connectWaitMs} ms (connect)`));
      let cancel = machine.timer(waitMs, whenSlow);
      pool
        .connect()
        .then((connection) => {
          if (isLate) connection.release();
          else resolve(connection);
        }, reject)
        .finally(() => cancel());
    });
}
