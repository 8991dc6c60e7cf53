import { timeOf } from '../../claimIds.ts';
import type { ItemOf, OutcomeOf } from '../../operation.ts';
import type {
  CopyOperations,
  DigestClaimsOutcome,
  DropClaimOutcome,
  ReadClaimsOutcome,
  ReconciledCopy,
} from '../../operations.ts';
import type { Pair } from '../../relation.ts';
import type { Claim, MemoryCopy, Statement } from './memoryCopy.ts';
import { nothing, read, type Statements } from './statements.ts';

type Copy = MemoryCopy<unknown>;
type Operations = CopyOperations<unknown>;

export function reconciliation(copy: Copy): Statements<ReconciledCopy> {
  return {
    identify: read(() => ({ outcome: 'identified', ...copy.identity, stable_before: firstIdOf(sampleStable(copy)) })),
    introduce: (items) => introduce(copy, items),
    digestClaims: read((item) => digest(copy, item)),
    listClaims: read((item) => ({
      outcome: 'found',
      claims: inRange(copy, item)
        .slice(0, item.limit)
        .map((claim) => ({ claim_id: claim.claim_id, ...pairOf(claim) })),
    })),
    listSurplus: read((item) => listSurplus(copy, item)),
    readClaims: read((item) => readClaims(copy, item)),
    dropClaims: (items) => dropClaims(copy, items),
  };
}

const stableBefore = ({ clock, times }: Copy) => clock() - times.graceMs;

const sampleStable = (copy: Copy) => Math.min(stableBefore(copy), copy.openSince() - copy.times.graceMs);

function firstIdOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

function introduce(
  copy: Copy,
  items: ItemOf<Operations['introduce']>[],
): Statement<OutcomeOf<Operations['introduce']>> {
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

function digest(copy: Copy, item: ItemOf<Operations['digestClaims']>): DigestClaimsOutcome {
  const claims = inRange(copy, item).map(({ claim_id }) => claim_id);
  const seen = claims.slice(0, item.claims);
  const sum = seen.reduce((sum, id) => sum + lastEightBytes(id), 0n);
  return { outcome: 'found', count: seen.length, sum: String(sum), end: claims[item.claims] ?? null };
}

function lastEightBytes(id: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id.replaceAll('-', '').slice(16)}`));
}

const pairOf = ({ left, right }: Pair): Pair => ({ left, right });

function listSurplus(
  copy: Copy,
  { after, stable_before, claims }: ItemOf<Operations['listSurplus']>,
): OutcomeOf<Operations['listSurplus']> {
  const compare = (a: Pair, b: Pair) =>
    copy.compareOwn(a[copy.own], b[copy.own]) || copy.compareOther(a[copy.other], b[copy.other]);
  const rest = [...copy.claims.values()]
    .filter((claim) => !claim.retired && (after === null || compare(claim, after) > 0))
    .sort(compare);
  const last = rest[claims - 1];
  const page = last ? rest.filter((claim) => compare(claim, last) <= 0) : rest;
  const stable = new Map<string, Claim[]>();
  for (const claim of page) {
    if (claim.claim_id >= stable_before) continue;
    const key = JSON.stringify([claim.left, claim.right]);
    stable.set(key, [...(stable.get(key) ?? []), claim]);
  }
  const pairs = [...stable.values()].flatMap(([first, second]) => (first && second ? [pairOf(first)] : []));
  return { outcome: 'found', pairs, next: last ? pairOf(last) : null };
}

function readClaims(copy: Copy, item: ItemOf<Operations['readClaims']>): ReadClaimsOutcome {
  if (item.database !== copy.identity.database) return { outcome: 'other_database' };
  const id = item[copy.own];
  if (!copy.entities.has(id)) return { outcome: 'entity_not_found', marked: copy.isMarked(id) };
  return { outcome: 'found', claims: copy.held(item) };
}

function dropClaims(copy: Copy, items: ItemOf<Operations['dropClaims']>[]): Statement<DropClaimOutcome> {
  const { database, peer } = copy.identity;
  const dropped = new Set<string>();
  const judge = (item: ItemOf<Operations['dropClaims']>): DropClaimOutcome => {
    if (item.database !== database || item.peer !== peer) return { outcome: 'other_database' };
    if (timeOf(item.claim_id) >= stableBefore(copy)) return { outcome: 'not_stable' };
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
