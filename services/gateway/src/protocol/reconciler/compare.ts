import type { DigestClaimsOutcome, ListClaimsOutcome } from '@attendance/common/contract/reconciliation';
import type { Pair } from '../add.ts';
import type { Copies } from './copies.ts';
import { earlier, split, type Range } from './ids.ts';

/** A claim that one copy holds and the other does not. */
export interface HalfClaim extends Pair {
  claim_id: string;
}

export interface CompareSizes {
  /** Claims that are compared in one round trip. */
  slice: number;
  /** Claims that are listed rather than digested in smaller parts. */
  list: number;
}

/** Parts into which a range that differs is cut. */
const parts = 16n;

/**
 * Goes through a range of claim ids slice by slice, and tells of each slice how many claims the copies hold and which
 * only one of them does. Claims before the range's end must be settled: such a claim may leave a copy meanwhile, and
 * then it is half indeed, but none can come.
 *
 * What the copies agree on costs two digests for a slice. Where they do not, the slice is cut again and again, so that
 * the cost is in proportion to the differences. Source: the range-based set reconciliation of Meyer (2023).
 */
export async function* compareCopies(
  { from, to }: Range,
  { author, conference }: Copies,
  sizes: CompareSizes,
): AsyncGenerator<{ range: Range; claims: number; half: HalfClaim[] }> {
  for (let next: string | null = from; next !== null;) {
    const rest: Range = { from: next, to };
    const digests = await digest(rest, sizes.slice);
    const [byAuthor, byConference] = digests;
    // as far as both have looked
    next = earliest(byAuthor.end, byConference.end);
    const range = { from: rest.from, to: next ?? to };
    const equal = same(digests) && byAuthor.end === byConference.end;
    const half = equal ? [] : await findHalf(range, await digest(range, sizes.slice));
    yield { range, claims: Math.max(byAuthor.count, byConference.count), half };
  }

  function digest(range: Range, claims: number): Promise<Digests> {
    return Promise.all([author.digestClaims({ ...range, claims }), conference.digestClaims({ ...range, claims })]);
  }

  /** Looks at one part after the other, so that there is little to answer at a time, however much differs. */
  async function findHalf(range: Range, digests: Digests): Promise<HalfClaim[]> {
    if (same(digests)) return [];
    const claims = digests[0].count + digests[1].count;
    if (claims <= sizes.list) return listHalf(range, claims);
    const ranges = split(range, parts);
    const digestsOf = await Promise.all(ranges.map((part) => digest(part, sizes.slice)));
    const half: HalfClaim[] = [];
    for (const [i, part] of ranges.entries()) {
      const ofPart = digestsOf[i];
      if (ofPart) half.push(...(await findHalf(part, ofPart)));
    }
    return half;
  }

  async function listHalf(range: Range, limit: number): Promise<HalfClaim[]> {
    const item = { ...range, limit };
    const [byAuthor, byConference] = await Promise.all([author.listClaims(item), conference.listClaims(item)]);
    return [...missing(byAuthor, byConference), ...missing(byConference, byAuthor)];
  }
}

type Digests = [DigestClaimsOutcome, DigestClaimsOutcome];

function same([one, other]: Digests): boolean {
  return one.count === other.count && one.sum === other.sum;
}

function earliest(one: string | null, other: string | null): string | null {
  return one === null || other === null ? (one ?? other) : earlier(one, other);
}

/** The claims of one copy that the other has not got. */
function missing(one: ListClaimsOutcome, other: ListClaimsOutcome): HalfClaim[] {
  const there = new Set(other.claims.map(({ claim_id }) => claim_id));
  return one.claims.filter(({ claim_id }) => !there.has(claim_id));
}
