import { createTimes, type Times } from '../times.ts';

/** Settings of a `pg.Pool`. Durations are in milliseconds. */
export interface PoolSettings {
  /** The wait for a connection. */
  readonly connectionTimeoutMillis: number;
  /** The wait for the answer to a statement. */
  readonly query_timeout: number;
  /** Parameters of the sessions, as options of the `postgres` command: `-c statement_timeout=1500` and so on. */
  readonly options: string;
  readonly keepAlive: true;
}

/**
 * Gives the settings of a `pg.Pool` that bound every step by the table of times: getting a connection, the statement at
 * the server, and its answer. With another driver, set the same bounds.
 */
export function poolSettings({ waitMs, statementMs, callMs }: Times = createTimes()): PoolSettings {
  const parameters = {
    statement_timeout: statementMs,
    lock_timeout: statementMs,
    // compiling a statement over a large batch takes longer than running it
    jit: 'off',
  };
  return {
    connectionTimeoutMillis: waitMs,
    query_timeout: callMs,
    options: Object.entries(parameters)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    keepAlive: true,
  };
}
