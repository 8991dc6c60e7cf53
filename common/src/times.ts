import { createTimes as createRelationTimes, scaled, type Times as RelationTimes } from 'many-to-many';

/** The relation's table of times, and the durations that only a service's connections know, in milliseconds. */
export interface Times extends RelationTimes {
  /** How long the gateway keeps an idle connection to an owner service. */
  readonly clientIdleMs: number;
  /** From SIGTERM to when a service stops accepting connections. */
  readonly drainMs: number;
  /** How long a server keeps an idle connection. */
  readonly serverIdleMs: number;
  /** The age at which a server closes a connection, at most: clients then find the replicas that came later. */
  readonly connectionAgeMs: number;
  /** The longest life of a connection to the database. */
  readonly connectionLifeMs: number;
  /** Between two checks that the database can be connected to and is writable. */
  readonly watchEveryMs: number;
  /** How long a client may take to send a request's head, or all of it. */
  readonly slowClientMs: number;
}

const production = {
  clientIdleMs: 3_000,
  drainMs: 5_000,
  serverIdleMs: 10_000,
  connectionAgeMs: 30_000,
  connectionLifeMs: 300_000,
  watchEveryMs: 2_000,
  slowClientMs: 30_000,
};

/**
 * Makes the table of times, each multiplied by `scale`: 1 in production, less in tests.
 * @throws {Error} if their order is not what the protocol and the connections need
 */
export function createTimes({ scale = 1 }: { scale?: number } = {}): Times {
  const times = { ...createRelationTimes({ scale }), ...scaled(production, scale) };
  if (!(times.clientIdleMs < times.drainMs && times.drainMs < times.serverIdleMs))
    throw new Error('times: clientIdleMs, drainMs and serverIdleMs must be in this order');
  if (!(times.connectMs < times.connectionLifeMs && times.watchEveryMs < times.connectionLifeMs))
    throw new Error('times: connectMs and watchEveryMs must be shorter than connectionLifeMs');
  return times;
}
