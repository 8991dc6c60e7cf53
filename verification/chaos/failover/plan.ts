import type { Random } from 'many-to-many/testing';
import { logUniform } from '../plan.ts';

/** The databases, each in a cluster of its own, so that one of the copies can fail over alone. */
export const clusters = ['author', 'conference'] as const;
export type ClusterName = (typeof clusters)[number];

/**
 * How a primary is lost: `kill`: SIGKILL; `freeze`: SIGSTOP, and SIGKILL later; `partition`: cut off from its standby and
 * its clients, and killed later; `switchover`: it shuts down, and follows the new primary.
 */
export const losses = ['kill', 'freeze', 'partition', 'switchover'] as const;
export type Loss = (typeof losses)[number];

export interface Failover {
  cluster: ClusterName;
  loss: Loss;
  /** Whether clients learn that their connections to the old primary are lost, or hear nothing any more. */
  connections: 'cut' | 'silent';
  /** Whether the standby is promoted only after the service has noticed that there is no primary. */
  noticed: boolean;
  /** Milliseconds from then until the standby is promoted. */
  outageMs: number;
  /** Whether the address moves before the promotion, so that clients meet a standby there. */
  address: 'early' | 'late';
  /** Whether an old primary that is not dead is killed before the address moves or after. */
  fence: 'before' | 'after';
  /** Whether the new primary acknowledges commits while it has no standby yet. */
  alone: boolean;
}

/** One failover, or one of each cluster at the same time. */
export interface Round {
  failovers: Failover[];
  /** Milliseconds without faults before it. */
  restMs: number;
}

/** Draws cards in random order, each once before any of them again, so that they are about equally frequent. */
export function deck<T>(random: Random, cards: readonly T[]): () => T {
  let rest: T[] = [];
  return () => {
    if (rest.length === 0) rest = random.shuffled(cards);
    return rest.pop() as T;
  };
}

/** Plans failovers, one round after the other. */
export function* planRounds(random: Random): Generator<Round, never> {
  const targets = deck<readonly ClusterName[]>(random, [...clusters.map((name) => [name]), clusters]);
  const loss = deck(random, losses);
  const either = <T>(one: T, other: T) => (random.below(2) === 0 ? one : other);
  for (;;) {
    const restMs = logUniform(random, 100, 5_000);
    const failovers = targets().map((cluster): Failover => ({
      cluster,
      loss: loss(),
      connections: either('cut', 'silent'),
      noticed: random.below(3) > 0,
      outageMs: random.below(2) === 0 ? 0 : logUniform(random, 10, 3_000),
      address: either('early', 'late'),
      fence: either('before', 'after'),
      alone: random.below(4) > 0,
    }));
    yield { failovers, restMs };
  }
}
