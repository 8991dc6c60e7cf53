import { sharedClaims } from '../gateway/visible.ts';
import type { DropClaimOutcome, ReadClaimsOutcome } from '../operations.ts';
import type { Pair, SideName } from '../relation.ts';
import type { HalfClaim } from './compare.ts';
import type { Copies } from './copies.ts';
import { WrongDatabase, type Databases } from './pairing.ts';

/** `entity_deleted` is the reason for a half claim whose entity in the other service was deleted. */
export type DropReason = 'half' | 'entity_deleted' | 'surplus';

/** One row of one copy that the reconciler drops, or would drop. */
export interface Drop extends Pair {
  copy: SideName;
  claim_id: string;
  reason: DropReason;
}

/** The number of pairs that are read and decided together. */
const pairsAtOnce = 500;

export interface Dropping {
  copies: Copies;
  databases: Databases;
  stable_before: string;
  /** Only decide, and drop nothing. */
  dryRun: boolean;
  /** Which of a pair's claims to drop in this pass. */
  wanted: (drop: Drop) => boolean;
  /** Called and awaited after each batch of pairs. */
  pace?: (() => Promise<void>) | undefined;
}

export interface Dropped {
  /** Rows that were dropped, or would be. */
  dropped: Drop[];
  /** Rows that were not dropped, because they are not stable by the clock of their copy's database. */
  notStable: Drop[];
}

/** Drops the half claims that a comparison found, if they are still half. It drops no other claims of their pairs. */
export function dropHalf(half: readonly HalfClaim[], dropping: Omit<Dropping, 'wanted'>): AsyncGenerator<Dropped> {
  const found = new Set(half.map(({ claim_id }) => claim_id));
  const wanted = ({ claim_id, reason }: Drop) => reason !== 'surplus' && found.has(claim_id);
  return dropFrom(half, { ...dropping, wanted });
}

/**
 * Reads pairs in both copies, decides which of their claims to drop, drops them, and yields the rows that it dropped.
 * Every statement names its database, so that the reconciler neither reads a wrong database nor drops claims from one.
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
    if (dryRun) yield { dropped: drops, notStable: [] };
    else yield* drop(drops, dropping);
    await pace?.();
  }
}

/**
 * Decides which claims of a pair to drop. Claims that are not stable stay. Half claims are dropped, because they can never
 * become visible. Of the claims that both copies hold, the one with the smallest id stays, so that all reconcilers keep
 * the same claim.
 */
export function decideDrops(
  pair: Pair,
  left: ReadClaimsOutcome,
  right: ReadClaimsOutcome,
  stableBefore: string,
): Drop[] {
  const stable = (answer: ReadClaimsOutcome) => {
    if (answer.outcome === 'other_database') throw new WrongDatabase('a database was exchanged during the scan');
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

/** Drops rows. If a copy does not answer, it yields the rows that were certainly dropped before it throws. */
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
  yield { dropped: answeredWith('dropped'), notStable: answeredWith('not_stable') };
  for (const answer of answers) {
    if (answer.status === 'rejected') throw answer.reason;
    if (answer.value.outcome === 'other_database')
      throw new WrongDatabase('a database was exchanged, or introduced to another one, during the scan');
  }
}
