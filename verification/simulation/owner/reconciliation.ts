import type {
  DigestClaimsItem,
  DigestClaimsOutcome,
  DropClaimItem,
  DropClaimOutcome,
  IntroduceItem,
  IntroduceOutcome,
  ListSurplusItem,
  ListSurplusOutcome,
  ReadClaimsItem,
  ReadClaimsOutcome,
  ReconciledCopy,
} from '@attendance/common/contract/reconciliation';
import { timeOf, type Claim, type MemoryCopy, type Statement } from './copy.ts';
import { nothing, read, type Statements } from './statements.ts';

type Copy = MemoryCopy<{ id: string }>;

export function reconciliation(copy: Copy): Statements<ReconciledCopy> {
  return {
    identify: read(() => ({ outcome: 'identified', ...copy.identity, settled_before: firstIdOf(sampleSettled(copy)) })),
    introduce: (items) => introduce(copy, items),
    digestClaims: read((item) => digest(copy, item)),
    listClaims: read((item) => ({
      outcome: 'found',
      claims: inRange(copy, item)
        .slice(0, item.limit)
        .map((claim) => ({ claim_id: claim.claim_id, ...pairOf(copy, claim) })),
    })),
    listSurplus: read((item) => listSurplus(copy, item)),
    readClaims: read((item) => readClaims(copy, item)),
    dropClaims: (items) => dropClaims(copy, items),
  };
}

const settledBefore = ({ clock, times }: Copy) => clock() - times.grace;

const sampleSettled = (copy: Copy) => Math.min(settledBefore(copy), copy.openSince() - copy.times.grace);

function firstIdOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

function introduce(copy: Copy, items: IntroduceItem[]): Statement<IntroduceOutcome> {
  const { database, peer } = copy.identity;
  const chosen = items.findLast(
    (item) => item.database === database && (item.replace || peer === null || peer === item.peer),
  );
  return {
    outcomes: items.map((item) => ({
      outcome: item.database === database && item.peer === chosen?.peer ? 'introduced' : 'refused',
    })),
    changes: [],
    commit: () => {
      if (chosen) copy.identity.peer = chosen.peer;
    },
    rollback: nothing,
  };
}

function inRange(copy: Copy, { from, to }: { from: string; to: string }): Claim[] {
  return [...copy.claims.values()]
    .filter(({ retired, claim_id }) => !retired && claim_id >= from && claim_id < to)
    .sort((a, b) => (a.claim_id < b.claim_id ? -1 : 1));
}

function digest(copy: Copy, item: DigestClaimsItem): DigestClaimsOutcome {
  const claims = inRange(copy, item).map(({ claim_id }) => claim_id);
  const seen = claims.slice(0, item.claims);
  const sum = seen.reduce((sum, id) => sum + lastEightBytes(id), 0n);
  return { outcome: 'found', count: seen.length, sum: String(sum), end: claims[item.claims] ?? null };
}

function lastEightBytes(id: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id.replaceAll('-', '').slice(16)}`));
}

function pairOf(copy: Copy, { owned, foreign }: Claim): { event_id: string; author_id: string } {
  return copy.owned === 'author_id' ? { event_id: foreign, author_id: owned } : { event_id: owned, author_id: foreign };
}

function listSurplus(copy: Copy, { after, settled_before, claims }: ListSurplusItem): ListSurplusOutcome {
  const keyOf = (pair: { event_id: string; author_id: string }) => pair[copy.owned] + pair[copy.foreign];
  const rest = [...copy.claims.values()]
    .filter(({ retired, owned, foreign }) => !retired && (after === null || owned + foreign > keyOf(after)))
    .sort((a, b) => (a.owned + a.foreign < b.owned + b.foreign ? -1 : 1));
  const last = rest[claims - 1];
  const page = last ? rest.filter(({ owned, foreign }) => owned + foreign <= last.owned + last.foreign) : rest;
  const settled = new Map<string, Claim[]>();
  for (const claim of page) {
    if (claim.claim_id >= settled_before) continue;
    const key = claim.owned + claim.foreign;
    settled.set(key, [...(settled.get(key) ?? []), claim]);
  }
  const pairs = [...settled.values()].flatMap(([first, second]) => (first && second ? [pairOf(copy, first)] : []));
  return { outcome: 'found', pairs, next: last ? pairOf(copy, last) : null };
}

function readClaims(copy: Copy, item: ReadClaimsItem): ReadClaimsOutcome {
  if (item.database !== copy.identity.database) return { outcome: 'other_database' };
  const owned = item[copy.owned];
  if (!copy.entities.has(owned)) return { outcome: 'unknown_owner' };
  return { outcome: 'found', claims: copy.held(owned, item[copy.foreign]) };
}

function dropClaims(copy: Copy, items: DropClaimItem[]): Statement<DropClaimOutcome> {
  const { database, peer } = copy.identity;
  const dropped = new Set<string>();
  const judge = (item: DropClaimItem): DropClaimOutcome => {
    if (item.database !== database || item.peer !== peer) return { outcome: 'other_database' };
    if (timeOf(item.claim_id) >= settledBefore(copy)) return { outcome: 'too_young' };
    if (!copy.holds(item.claim_id)) return { outcome: 'absent' };
    dropped.add(item.claim_id);
    return { outcome: 'dropped' };
  };
  const outcomes = items.map(judge);
  return {
    outcomes,
    changes: [...dropped],
    commit: () => dropped.forEach((claim) => copy.holds(claim) && copy.claims.delete(claim)),
    rollback: nothing,
  };
}
