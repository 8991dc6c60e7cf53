import type { DropClaimOutcome, ReadClaimsOutcome } from '@attendance/common/contract/reconciliation';
import type { Pair } from '../add.ts';
import { sharedClaims } from '../visible.ts';
import type { HalfClaim } from './compare.ts';
import type { Copies } from './copies.ts';
import { WrongDatabase, type Databases } from './pairing.ts';

/** `entity_deleted`: half because the other copy went with its event or author. */
export type DropReason = 'half' | 'entity_deleted' | 'surplus';

export interface Drop extends Pair {
  copy: 'author' | 'conference';
  claim_id: string;
  reason: DropReason;
}

/** Pairs that are read and settled together. */
const pairsAtOnce = 500;

export interface Settling {
  copies: Copies;
  databases: Databases;
  settled_before: string;
  /** Decide only. */
  dryRun: boolean;
  /** Of what a pair is to be rid of: what this time is about. */
  wanted: (drop: Drop) => boolean;
  /** Waited for after each few pairs. */
  pace?: (() => Promise<void>) | undefined;
}

export interface Settled {
  /** What was dropped, or would be. */
  dropped: Drop[];
  /** What a copy takes for too young, by a clock that was behind or has been put back. */
  left: Drop[];
}

/** Settles half claims that a comparison has found: those, where they still are half, and no other of their pairs. */
export function settleHalf(half: readonly HalfClaim[], settling: Omit<Settling, 'wanted'>): AsyncGenerator<Settled> {
  const found = new Set(half.map(({ claim_id }) => claim_id));
  const wanted = ({ claim_id, reason }: Drop) => reason !== 'surplus' && found.has(claim_id);
  return settle(half, { ...settling, wanted });
}

/**
 * Reads pairs in both copies, decides what they are to be rid of, and drops it. Tells what became of that.
 * Every statement names the database that it is meant for, so that no other one is a reason to drop, or dropped from.
 *
 * @throws {WrongDatabase}
 */
export async function* settle(pairs: readonly Pair[], settling: Settling): AsyncGenerator<Settled> {
  const { copies, databases, settled_before, dryRun, wanted, pace } = settling;
  const each = [...new Map(pairs.map((pair) => [`${pair.event_id} ${pair.author_id}`, pair])).values()];
  for (let i = 0; i < each.length; i += pairsAtOnce) {
    const decisions = each.slice(i, i + pairsAtOnce).map(async ({ event_id, author_id }) => {
      const pair = { event_id, author_id };
      const [byAuthor, byConference] = await Promise.all([
        copies.author.readClaims({ ...pair, database: databases.author }),
        copies.conference.readClaims({ ...pair, database: databases.conference }),
      ]);
      return decideDrops(pair, byAuthor, byConference, settled_before).filter(wanted);
    });
    const drops = (await Promise.all(decisions)).flat();
    if (dryRun) yield { dropped: drops, left: [] };
    else yield* drop(drops, settling);
    await pace?.();
  }
}

/**
 * The decision table of a pair. Claims that are not settled are left alone. A claim that one copy alone holds is never
 * visible again. Of those that both hold the smallest id stays, so that all who decide this at once keep the same.
 */
export function decideDrops(
  pair: Pair,
  byAuthor: ReadClaimsOutcome,
  byConference: ReadClaimsOutcome,
  settledBefore: string,
): Drop[] {
  const settled = (answer: ReadClaimsOutcome) => {
    if (answer.outcome === 'other_database') throw new WrongDatabase('a database was exchanged meanwhile');
    return answer.outcome === 'found' ? answer.claims.filter((claim) => claim < settledBefore) : [];
  };
  const [inAuthor, inConference] = [settled(byAuthor), settled(byConference)];
  const half = (copy: Drop['copy'], claims: string[], other: string[], gone: boolean) =>
    claims
      .filter((claim) => !other.includes(claim))
      .map((claim_id): Drop => ({ copy, claim_id, ...pair, reason: gone ? 'entity_deleted' : 'half' }));
  const surplus = sharedClaims(inAuthor, inConference).sort().slice(1);
  return [
    ...half('author', inAuthor, inConference, byConference.outcome === 'unknown_owner'),
    ...half('conference', inConference, inAuthor, byAuthor.outcome === 'unknown_owner'),
    ...surplus.flatMap((claim_id): Drop[] => [
      { copy: 'author', claim_id, ...pair, reason: 'surplus' },
      { copy: 'conference', claim_id, ...pair, reason: 'surplus' },
    ]),
  ];
}

/** What is known to be dropped is told, also where a copy does not answer for the rest. */
async function* drop(drops: Drop[], { copies, databases }: Settling): AsyncGenerator<Settled> {
  const answers = await Promise.allSettled(
    drops.map(({ copy, claim_id }) =>
      copies[copy].dropClaims({
        claim_id,
        database: databases[copy],
        peer: databases[copy === 'author' ? 'conference' : 'author'],
      }),
    ),
  );
  const whereAnswer = (outcome: DropClaimOutcome['outcome']) =>
    drops.filter((_, i) => {
      const answer = answers[i];
      return answer?.status === 'fulfilled' && answer.value.outcome === outcome;
    });
  yield { dropped: whereAnswer('dropped'), left: whereAnswer('too_young') };
  for (const answer of answers) {
    if (answer.status === 'rejected') throw answer.reason;
    if (answer.value.outcome === 'other_database')
      throw new WrongDatabase('a database was exchanged, or introduced to another one, meanwhile');
  }
}
