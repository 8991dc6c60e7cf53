import { earlier, split, type Range } from '../claimIds.ts';
import type { DigestClaimsOutcome, ListClaimsOutcome } from '../operations.ts';
import type { Pair } from '../relation.ts';
import type { Copies } from './copies.ts';

/** A claim that only one copy holds. */
export interface HalfClaim extends Pair {
  claim_id: string;
}

/** The numbers of claims that the reconciler compares in one call. Small numbers are for tests. */
export interface CompareSizes {
  /** The most claims that one call digests; 10,000 by default. */
  slice: number;
  /** A range with at most this many claims is listed, and not cut into smaller parts; 256 by default. */
  list: number;
}

/** The number of parts into which a range that differs is cut. */
const parts = 16n;

/**
 * Compares a range of claim ids slice by slice. It yields for each slice the number of claims, in the copy that holds
 * more, and the half claims. All claims of the range must be stable: a stable claim may still leave a copy, and then it
 * is a half claim, but none can arrive.
 *
 * A slice on which the copies agree costs two digests. A slice on which they differ is cut again and again, so the cost
 * is proportional to the number of differences. Source: range-based set reconciliation, Meyer (2023).
 */
export async function* compareCopies(
  { from, to }: Range,
  { left, right }: Copies,
  sizes: CompareSizes,
): AsyncGenerator<{ range: Range; claims: number; half: HalfClaim[] }> {
  for (let next: string | null = from; next !== null;) {
    const rest: Range = { from: next, to };
    const digests = await digest(rest, sizes.slice);
    const [inLeft, inRight] = digests;
    // the slice ends where the shorter one of the two digests ends
    next = earliest(inLeft.end, inRight.end);
    const range = { from: rest.from, to: next ?? to };
    const equal = same(digests) && inLeft.end === inRight.end;
    const half = equal ? [] : await findHalf(range, await digest(range, sizes.slice));
    yield { range, claims: Math.max(inLeft.count, inRight.count), half };
  }

  function digest(range: Range, claims: number): Promise<Digests> {
    return Promise.all([left.digestClaims({ ...range, claims }), right.digestClaims({ ...range, claims })]);
  }

  /** Compares one part after the other, so that each answer stays small even if the copies differ a lot. */
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
    const [inLeft, inRight] = await Promise.all([left.listClaims(item), right.listClaims(item)]);
    return [...missing(inLeft, inRight), ...missing(inRight, inLeft)];
  }
}

type Digests = [DigestClaimsOutcome, DigestClaimsOutcome];

function same([one, other]: Digests): boolean {
  return one.count === other.count && one.sum === other.sum;
}

function earliest(one: string | null, other: string | null): string | null {
  return one === null || other === null ? (one ?? other) : earlier(one, other);
}

/** Returns the claims of one copy that the other does not hold. */
function missing(one: ListClaimsOutcome, other: ListClaimsOutcome): HalfClaim[] {
  const there = new Set(other.claims.map(({ claim_id }) => claim_id));
  return one.claims.filter(({ claim_id }) => !there.has(claim_id));
}
