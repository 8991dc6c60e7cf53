/**
 * Every bound on time that the protocol and the services count on, in milliseconds, in one place because their
 * order is what makes them right.
 */
export interface Times {
  /** For a pool's connection, or for a call slot of the gateway. */
  readonly wait: number;
  /** PostgreSQL's statement_timeout and lock_timeout. */
  readonly statement: number;
  /** From when the gateway wants something of an owner to when it stops waiting. */
  readonly downstream: number;
  /** From a request's arrival at the gateway to its answer. */
  readonly public: number;
  /** How far two machines' clocks may be apart. */
  readonly skew: number;
  /** From the making of an add's or a remove's id to when the owners refuse it. */
  readonly expiry: number;
  /** From the making of a claim's id to when nothing of its add can be under way any more. */
  readonly grace: number;
  /** Between two comparisons of the claims that became older than grace since. */
  readonly compare: number;
  /** Between the end of a walk through all claims and the next one's beginning. */
  readonly walk: number;
  /** For which the gateway keeps an idle connection to an owner. */
  readonly clientIdle: number;
  /** From SIGTERM to when a service stops accepting connections. */
  readonly drain: number;
  /** For which a server keeps an idle connection. */
  readonly serverIdle: number;
  /** For a client to send a request's head, or all of it. */
  readonly slowClient: number;
}

const production: Times = {
  wait: 500,
  statement: 1_500,
  downstream: 2_000,
  public: 5_000,
  skew: 5_000,
  expiry: 30_000,
  grace: 300_000,
  compare: 5_000,
  walk: 30_000,
  clientIdle: 3_000,
  drain: 5_000,
  serverIdle: 10_000,
  slowClient: 30_000,
};

/**
 * The table of times, all of it multiplied by `scale` (for tests).
 * @throws if their order is not what the protocol needs
 */
export function createTimes({ scale = 1 }: { scale?: number } = {}): Times {
  const times = Object.fromEntries(
    Object.entries(production).map(([name, ms]) => [name, Math.round(ms * scale)]),
  ) as unknown as Times;
  checkOrder(times);
  return times;
}

function checkOrder(times: Times): void {
  const ordered = (...names: (keyof Times)[]) =>
    names.slice(1).forEach((later, i) => {
      const earlier = names[i] as keyof Times;
      if (times[earlier] >= times[later]) throw new Error(`times: ${earlier} must be shorter than ${later}`);
    });
  ordered('wait', 'statement', 'downstream', 'public');
  ordered('clientIdle', 'drain', 'serverIdle');
  ordered('expiry', 'grace');
  // a remove and a list by conference ask twice, one after the other
  if (2 * times.downstream > times.public) throw new Error('times: public must be at least twice downstream');
  // a claim may arrive until it expires, and a remove that looked just before that may retire until that expires: all
  // of it must be over when traces are cleared away, and of several claims one is kept
  if (2 * (times.expiry + times.skew) + times.public >= times.grace)
    throw new Error('times: grace must be longer than public and twice expiry and skew together');
}
