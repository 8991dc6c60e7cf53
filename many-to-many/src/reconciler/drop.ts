import { sharedClaims } from '../gateway/visible.ts';
import type { DropClaimOutcome, ReadClaimsOutcome } from '../operations.ts';
import type { Pair, SideName } from '../relation.ts';
import type { HalfClaim } from './compare.ts';
import type { Copies } from './copies.ts';
import { WrongDatabase, type Databases } from './pairing.ts';

/**
 * `entity_marked` is the reason for a half claim whose entity the other service has marked as deleted, and
 * `entity_deleted` for one whose entity does not exist there without a mark. A database that lost its data has no marks.
 */
export type DropReason = 'half' | 'entity_deleted' | 'entity_marked' | 'surplus';

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
  /** The pairs of an entity that its owner service has marked as deleted. */
  marked: Pair[];
}

/** The options of `dropHalf`. */
export interface HalfDropping extends Omit<Dropping, 'wanted'> {
  /** Drop only claims of entities that their owner service has marked as deleted. */
  onlyMarked?: boolean;
}

/** Drops the half claims that a comparison found, if they are still half. It drops no other claims of their pairs. */
export function dropHalf(
  half: readonly HalfClaim[],
  { onlyMarked = false, ...dropping }: HalfDropping,
): AsyncGenerator<Dropped> {
  const found = new Set(half.map(({ claim_id }) => claim_id));
  const wanted = ({ claim_id, reason }: Drop) =>
    (onlyMarked ? reason === 'entity_marked' : reason !== 'surplus') && found.has(claim_id);
  return dropFrom(half, { ...dropping, wanted });
}

/** Returns the half claims whose pair is not among those. */
export function notOf(pairs: readonly Pair[], half: readonly HalfClaim[]): HalfClaim[] {
  const keys = new Set(pairs.map(keyOf));
  return half.filter((claim) => !keys.has(keyOf(claim)));
}

const keyOf = ({ left, right }: Pair) => JSON.stringify([left, right]);

/**
 * Reads pairs in both copies, decides which of their claims to drop, drops them, and yields the rows that it dropped.
 * Every statement names its database, so that the reconciler neither reads a wrong database nor drops claims from one.
 *
 * @throws {WrongDatabase}
 */
export async function* dropFrom(pairs: readonly Pair[], dropping: Dropping): AsyncGenerator<Dropped> {
  const { copies, databases, stable_before, dryRun, wanted, pace } = dropping;
  const each = [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()];
  for (let i = 0; i < each.length; i += pairsAtOnce) {
    const decisions = each.slice(i, i + pairsAtOnce).map(async ({ left, right }) => {
      const pair = { left, right };
      const [inLeft, inRight] = await Promise.all([
        copies.left.readClaims({ ...pair, database: databases.left }),
        copies.right.readClaims({ ...pair, database: databases.right }),
      ]);
      const drops = decideDrops(pair, inLeft, inRight, stable_before).filter(wanted);
      return { drops, marked: isMarked(inLeft) || isMarked(inRight) ? [pair] : [] };
    });
    const decided = await Promise.all(decisions);
    const drops = decided.flatMap((one) => one.drops);
    const marked = decided.flatMap((one) => one.marked);
    if (dryRun) yield { dropped: drops, notStable: [], marked };
    else yield* drop(drops, marked, dropping);
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
  const half = (copy: SideName, claims: string[], others: string[], other: ReadClaimsOutcome) =>
    claims
      .filter((claim) => !others.includes(claim))
      .map((claim_id): Drop => ({ copy, claim_id, ...pair, reason: reasonOf(other) }));
  const surplus = sharedClaims(inLeft, inRight).sort().slice(1);
  return [
    ...half('left', inLeft, inRight, right),
    ...half('right', inRight, inLeft, left),
    ...surplus.flatMap((claim_id): Drop[] => [
      { copy: 'left', claim_id, ...pair, reason: 'surplus' },
      { copy: 'right', claim_id, ...pair, reason: 'surplus' },
    ]),
  ];
}

function reasonOf(other: ReadClaimsOutcome): DropReason {
  if (other.outcome !== 'entity_not_found') return 'half';
  return isMarked(other) ? 'entity_marked' : 'entity_deleted';
}

const isMarked = (answer: ReadClaimsOutcome) => answer.outcome === 'entity_not_found' && answer.marked === true;

/** Drops rows. If a copy does not answer, it yields the rows that were certainly dropped before it throws. */
async function* drop(drops: Drop[], marked: Pair[], { copies, databases }: Dropping): AsyncGenerator<Dropped> {
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
  yield { dropped: answeredWith('dropped'), notStable: answeredWith('not_stable'), marked };
  for (const answer of answers) {
    if (answer.status === 'rejected') throw answer.reason;
    if (answer.value.outcome === 'other_database')
      throw new WrongDatabase('a database was exchanged, or introduced to another one, during the scan');
  }
}
