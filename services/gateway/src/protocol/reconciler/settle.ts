import type { ReadPairOutcome } from '@attendance/common/contract/claims';
import type { Pair } from '../add.ts';
import { sharedClaims } from '../visible.ts';
import type { Copies } from './copies.ts';
import { readPairing, WrongDatabase, type Databases } from './pairing.ts';

/** `entity_deleted`: half because the other copy went with its event or author. */
export type DropReason = 'half' | 'entity_deleted' | 'surplus';

export interface Drop {
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
}

/** Reads pairs in both copies, decides what they are to be rid of, and drops it. Tells what was dropped, or would be. */
export async function* settle(pairs: readonly Pair[], settling: Settling): AsyncGenerator<Drop[]> {
  const { copies, settled_before, dryRun, wanted } = settling;
  const each = [...new Map(pairs.map((pair) => [`${pair.event_id} ${pair.author_id}`, pair])).values()];
  for (let i = 0; i < each.length; i += pairsAtOnce) {
    const decisions = each.slice(i, i + pairsAtOnce).map(async ({ event_id, author_id }) => {
      const pair = { event_id, author_id };
      const answers = await Promise.all([copies.author.readPair(pair), copies.conference.readPair(pair)]);
      return decideDrops(...answers, settled_before).filter(wanted);
    });
    const drops = (await Promise.all(decisions)).flat();
    if (dryRun || drops.length === 0) yield drops;
    else yield await drop(drops, settling);
  }
}

/**
 * The decision table of a pair. Claims that are not settled are left alone. A claim that one copy alone holds is never
 * visible again. Of those that both hold the smallest id stays, so that all who decide this at once keep the same.
 */
export function decideDrops(
  byAuthor: ReadPairOutcome<unknown>,
  byConference: ReadPairOutcome<unknown>,
  settledBefore: string,
): Drop[] {
  const settled = (answer: ReadPairOutcome<unknown>) =>
    answer.outcome === 'found' ? answer.claims.filter((claim) => claim < settledBefore) : [];
  const [inAuthor, inConference] = [settled(byAuthor), settled(byConference)];
  const half = (copy: Drop['copy'], claims: string[], other: string[], gone: boolean) =>
    claims
      .filter((claim) => !other.includes(claim))
      .map((claim_id): Drop => ({ copy, claim_id, reason: gone ? 'entity_deleted' : 'half' }));
  const surplus = sharedClaims(inAuthor, inConference).sort().slice(1);
  return [
    ...half('author', inAuthor, inConference, byConference.outcome === 'unknown_owner'),
    ...half('conference', inConference, inAuthor, byAuthor.outcome === 'unknown_owner'),
    ...surplus.flatMap((claim_id): Drop[] => [
      { copy: 'author', claim_id, reason: 'surplus' },
      { copy: 'conference', claim_id, reason: 'surplus' },
    ]),
  ];
}

async function drop(drops: Drop[], { copies, databases }: Settling): Promise<Drop[]> {
  // what was read is worth something only if it was read in these databases; each checks by itself that it is meant
  const { author, conference } = (await readPairing(copies)).databases;
  if (author !== databases.author || conference !== databases.conference)
    throw new WrongDatabase('a database was exchanged meanwhile');
  const outcomes = await Promise.all(
    drops.map(({ copy, claim_id }) =>
      copies[copy].dropClaims({
        claim_id,
        database: databases[copy],
        peer: databases[copy === 'author' ? 'conference' : 'author'],
      }),
    ),
  );
  if (outcomes.some(({ outcome }) => outcome === 'other_database'))
    throw new WrongDatabase('a database was exchanged or introduced to another one meanwhile');
  return drops.filter((_, i) => outcomes[i]?.outcome === 'dropped');
}
