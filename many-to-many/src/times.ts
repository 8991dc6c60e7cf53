/** Every duration that the protocol depends on, in milliseconds. They are in one table because their order matters. */
export interface Times {
  /** Waiting for a connection of a pool while all are in use, or for a call slot of the gateway. */
  readonly waitMs: number;
  /** Making a connection to a database: up to seven round trips. */
  readonly connectMs: number;
  /** PostgreSQL's statement_timeout and lock_timeout. */
  readonly statementMs: number;
  /** From the moment when the gateway has an item for a copy, to the moment when it stops waiting for the outcome. */
  readonly callMs: number;
  /** From a request's arrival at the gateway to its answer. */
  readonly requestMs: number;
  /** The most by which the clocks of two machines may differ. */
  readonly skewMs: number;
  /** The age at which copies begin to refuse the id of an add or a remove. */
  readonly expiryMs: number;
  /** The age of a claim from which no running operation can know of it any more. */
  readonly graceMs: number;
  /** The pause between two comparisons of newly stable claims. */
  readonly compareEveryMs: number;
  /** The pause between two scans. */
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
 * Computes how long an operation can still change something: until it expires, by a clock that is behind, and until the
 * calls that were running then have ended.
 */
export function finalAfterMs({ expiryMs, skewMs, requestMs }: Times): number {
  return expiryMs + skewMs + requestMs;
}

/** Computes the time that clients are promised for an unknown outcome to become final: half as much again, as margin. */
export function promisedFinalMs(times: Times): number {
  return 1.5 * finalAfterMs(times);
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
  // expires. Both must be over before a tombstone is purged, and before surplus claims are dropped.
  if (2 * (expiryMs + skewMs) + requestMs >= graceMs)
    throw new Error('times: graceMs must be longer than requestMs and twice expiryMs and skewMs together');
}
