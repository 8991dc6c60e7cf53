import { createTimes, type Times } from '../times.ts';
import { requireWritable, type Session } from './requireWritable.ts';

/** Settings of a `pg.Pool`. Durations are in milliseconds. */
export interface PoolSettings {
  /** How long making a connection may take. `overPool` bounds the wait for one. */
  readonly connectionTimeoutMillis: number;
  /** Refuses a new connection to a server that is read-only. */
  readonly onConnect: (client: Session) => Promise<void>;
  /** The wait for the answer to a statement. */
  readonly query_timeout: number;
  /** Parameters of the sessions, as options of the `postgres` command: `-c statement_timeout=1500` and so on. */
  readonly options: string;
  readonly keepAlive: true;
}

/**
 * Gives the settings of a `pg.Pool` that bound every step by the table of times: making a connection, the statement at
 * the server, and its answer; and that keep it to the primary. With another driver, set the same.
 */
export function poolSettings({ connectMs, statementMs, callMs }: Times = createTimes()): PoolSettings {
  const parameters = {
    statement_timeout: statementMs,
    lock_timeout: statementMs,
    // compiling a statement over a large batch takes longer than running it
    jit: 'off',
    // the warning that a commit is not replicated has to arrive
    client_min_messages: 'warning',
  };
  return {
    connectionTimeoutMillis: connectMs,
    onConnect: requireWritable,
    query_timeout: callMs,
    options: Object.entries(parameters)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    keepAlive: true,
  };
}
