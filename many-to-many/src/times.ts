/**
 * Every duration that the protocol counts on, in milliseconds and in one place, because their order is what makes the
 * protocol right.
 */
export interface Times {
  /** Waiting for a connection of a pool while all are in use, or for a call slot of the gateway. */
  readonly waitMs: number;
  /** Making a connection to a database: up to seven round trips. */
  readonly connectMs: number;
  /** PostgreSQL's statement_timeout and lock_timeout. */
  readonly statementMs: number;
  /** From when the gateway has an item for a copy to when it stops waiting for the outcome. */
  readonly callMs: number;
  /** From a request's arrival at the gateway to its answer. */
  readonly requestMs: number;
  /** How far two machines' clocks may be apart. */
  readonly skewMs: number;
  /** From when an add or a remove makes its id to when the copies refuse it. */
  readonly expiryMs: number;
  /** From when a claim's id is made to when no part of its add can still be running. */
  readonly graceMs: number;
  /** Between two comparisons of the claims that have become stable since. */
  readonly compareEveryMs: number;
  /** Between the end of a scan of all claims and the beginning of the next. */
  readonly scanEveryMs: number;
}

const production: Times = {
  waitMs: 500,
  connectMs: 4_000,
  statementMs: 1_500,
  callMs: 2_000,
  requestMs: 5_000,
  skewMs: 5_000,
  expiryMs: 30_000,
  graceMs: 300_000,
  compareEveryMs: 5_000,
  scanEveryMs: 30_000,
};

/**
 * Makes the table of times, each multiplied by `scale`: 1 in production, less in tests.
 * @throws Error if the scale is so small that rounding breaks the order of times that the protocol needs
 */
export function createTimes({ scale = 1 }: { scale?: number } = {}): Times {
  const times = scaled(production, scale);
  checkOrder(times);
  return times;
}

/** Multiplies durations, and rounds them to whole milliseconds. */
export function scaled<Table extends object>(table: Table, scale: number): Table {
  const entries = Object.entries(table) as [string, number][];
  return Object.fromEntries(entries.map(([name, ms]) => [name, Math.round(ms * scale)])) as Table;
}

/**
 * How long an operation may still change something after it was answered as unknown: its claim may arrive until it
 * expires, by a clock that is behind; then every call that was under way has ended.
 */
export function finalAfterMs({ expiryMs, skewMs, requestMs }: Times): number {
  return expiryMs + skewMs + requestMs;
}

function checkOrder(times: Times): void {
  const { waitMs, connectMs, statementMs, callMs, requestMs, skewMs, expiryMs, graceMs } = times;
  if (!(waitMs < statementMs && statementMs < callMs && callMs < requestMs))
    throw new Error('times: waitMs, statementMs, callMs and requestMs must be in this order');
  // else a full pool would be taken for a database that is far away
  if (!(2 * waitMs < callMs && callMs < connectMs))
    throw new Error('times: connectMs must be longer than callMs, and callMs than twice waitMs');
  // a remove asks twice, one after the other
  if (2 * callMs > requestMs) throw new Error('times: requestMs must be at least twice callMs');
  // A claim may arrive until it expires. A remove that read it just before that may retire it until the remove
  // expires. Both must be over before a tombstone goes, and before one of several claims is kept.
  if (2 * (expiryMs + skewMs) + requestMs >= graceMs)
    throw new Error('times: graceMs must be longer than requestMs and twice expiryMs and skewMs together');
}
