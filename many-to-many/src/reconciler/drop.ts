import { sharedClaims } from '../gateway/visible.ts';
import type { DropClaimOutcome, ReadClaimsOutcome } from '../operations.ts';
import type { Pair, SideName } from '../relation.ts';
import type { HalfClaim } from './compare.ts';
import type { Copies } from './copies.ts';
import { WrongDatabase, type Databases } from './pairing.ts';

/** `entity_deleted`: the claim is half because the other copy lost its own with the entity. */
export type DropReason = 'half' | 'entity_deleted' | 'surplus';

/** One row of one copy that the relation does not need. */
export interface Drop extends Pair {
  copy: SideName;
  claim_id: string;
  reason: DropReason;
}

/** Pairs that are read and decided together. */
const pairsAtOnce = 500;

export interface Dropping {
  copies: Copies;
  databases: Databases;
  stable_before: string;
  /** Decide only. */
  dryRun: boolean;
  /** Which of a pair's claims to drop in this pass. */
  wanted: (drop: Drop) => boolean;
  /** Waited for after each few pairs. */
  pace?: (() => Promise<void>) | undefined;
}

export interface Dropped {
  /** Rows that were dropped, or would be. */
  dropped: Drop[];
  /** Rows that a copy says are not stable, by a clock that is behind or was set back. */
  left: Drop[];
}

/** Drops half claims that a comparison found, if they are still half, and no other claims of their pairs. */
export function dropHalf(half: readonly HalfClaim[], dropping: Omit<Dropping, 'wanted'>): AsyncGenerator<Dropped> {
  const found = new Set(half.map(({ claim_id }) => claim_id));
  const wanted = ({ claim_id, reason }: Drop) => reason !== 'surplus' && found.has(claim_id);
  return dropFrom(half, { ...dropping, wanted });
}

/**
 * Reads pairs in both copies, decides which of their claims to drop, drops them, and gives what became of that. Every
 * statement names the database that it is meant for, so that no other database is a reason to drop, or dropped from.
 *
 * @throws {WrongDatabase}
 */
export async function* dropFrom(pairs: readonly Pair[], dropping: Dropping): AsyncGenerator<Dropped> {
  const { copies, databases, stable_before, dryRun, wanted, pace } = dropping;
  const each = [...new Map(pairs.map((pair) => [JSON.stringify([pair.left, pair.right]), pair])).values()];
  for (let i = 0; i < each.length; i += pairsAtOnce) {
    const decisions = each.slice(i, i + pairsAtOnce).map(async ({ left, right }) => {
      const pair = { left, right };
      const [inLeft, inRight] = await Promise.all([
        copies.left.readClaims({ ...pair, database: databases.left }),
        copies.right.readClaims({ ...pair, database: databases.right }),
      ]);
      return decideDrops(pair, inLeft, inRight, stable_before).filter(wanted);
    });
    const drops = (await Promise.all(decisions)).flat();
    if (dryRun) yield { dropped: drops, left: [] };
    else yield* drop(drops, dropping);
    await pace?.();
  }
}

/**
 * The decision table of a pair. Claims that are not stable are left alone. A half claim never becomes visible again. Of
 * the claims that both copies hold the smallest id stays, so that all who decide this at once keep the same.
 */
export function decideDrops(
  pair: Pair,
  left: ReadClaimsOutcome,
  right: ReadClaimsOutcome,
  stableBefore: string,
): Drop[] {
  const stable = (answer: ReadClaimsOutcome) => {
    if (answer.outcome === 'other_database') throw new WrongDatabase('a database was exchanged meanwhile');
    return answer.outcome === 'found' ? answer.claims.filter((claim) => claim < stableBefore) : [];
  };
  const [inLeft, inRight] = [stable(left), stable(right)];
  const half = (copy: SideName, claims: string[], others: string[], gone: boolean) =>
    claims
      .filter((claim) => !others.includes(claim))
      .map((claim_id): Drop => ({ copy, claim_id, ...pair, reason: gone ? 'entity_deleted' : 'half' }));
  const surplus = sharedClaims(inLeft, inRight).sort().slice(1);
  return [
    ...half('left', inLeft, inRight, right.outcome === 'entity_not_found'),
    ...half('right', inRight, inLeft, left.outcome === 'entity_not_found'),
    ...surplus.flatMap((claim_id): Drop[] => [
      { copy: 'left', claim_id, ...pair, reason: 'surplus' },
      { copy: 'right', claim_id, ...pair, reason: 'surplus' },
    ]),
  ];
}

/** Reports the rows that are known to be dropped even where a copy does not answer for the rest. */
async function* drop(drops: Drop[], { copies, databases }: Dropping): AsyncGenerator<Dropped> {
  const answers = await Promise.allSettled(
    drops.map(({ copy, claim_id }) =>
      copies[copy].dropClaims({
        claim_id,
        database: databases[copy],
        peer: databases[copy === 'left' ? 'right' : 'left'],
      }),
    ),
  );
  const answeredWith = (outcome: DropClaimOutcome['outcome']) =>
    drops.filter((_, i) => {
      const answer = answers[i];
      return answer?.status === 'fulfilled' && answer.value.outcome === outcome;
    });
  yield { dropped: answeredWith('dropped'), left: answeredWith('not_stable') };
  for (const answer of answers) {
    if (answer.status === 'rejected') throw answer.reason;
    if (answer.value.outcome === 'other_database')
      throw new WrongDatabase('a database was exchanged, or introduced to another one, meanwhile');
  }
}
