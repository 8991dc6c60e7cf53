import type { Random } from 'many-to-many/testing';
import { logUniform } from '../../plan.ts';
import { clusters, deck, type ClusterName } from '../plan.ts';

/**
 * How a primary is lost: `server`: SIGKILL to PostgreSQL alone; `machine`: SIGKILL to PostgreSQL and Patroni; `freeze`:
 * SIGSTOP to both, until a watchdog resets the machine; `hang`: SIGSTOP to Patroni alone, until then; `partition`: cut off
 * from etcd, the standby and the clients; `switchover`: Patroni is asked for it.
 */
export const losses = ['server', 'machine', 'freeze', 'hang', 'partition', 'switchover'] as const;
export type Loss = (typeof losses)[number];

export interface PatroniFailover {
  cluster: ClusterName;
  loss: Loss;
  /** Whether connections to the old primary are reset when clients lose it, or nothing passes any more. */
  connections: 'cut' | 'silent';
  /** Milliseconds from the moment when there is a new primary until the old one can work again. */
  aloneMs: number;
}

/** One failover, or one of each cluster at the same time. */
export interface PatroniRound {
  failovers: PatroniFailover[];
  /** Milliseconds without faults before it. */
  restMs: number;
}

/** Plans failovers, one round after the other. */
export function* planPatroniRounds(random: Random): Generator<PatroniRound, never> {
  const targets = deck<readonly ClusterName[]>(random, [...clusters.map((name) => [name]), clusters]);
  const loss = deck(random, losses);
  for (;;) {
    const restMs = logUniform(random, 100, 5_000);
    const failovers = targets().map((cluster): PatroniFailover => ({
      ...{ cluster, loss: loss(), connections: random.below(2) === 0 ? 'cut' : 'silent' },
      aloneMs: logUniform(random, 10, 5_000),
    }));
    yield { failovers, restMs };
  }
}
