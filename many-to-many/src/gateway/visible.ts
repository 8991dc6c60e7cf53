import type { ReadPairOutcome } from '../operations.ts';
import { isFailure, notRead, type Answer, type NotExecuted } from '../outcome.ts';
import type { SideName } from '../relation.ts';

/** Gives the claims that both copies hold. A pair is visible if there is one. */
export function sharedClaims(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((claim) => other.includes(claim));
}

/** The result of a call for a pair of which an entity does not exist. `missing` names the sides. */
export interface EntityNotFound {
  outcome: 'entity_not_found';
  missing: SideName[];
}

/** Names each side whose owner service does not know the entity; null where both do, or may. */
export function entityNotFound(left: { outcome: string }, right: { outcome: string }): EntityNotFound | null {
  const answers = { left, right };
  const missing = (['left', 'right'] as const).filter((side) => answers[side].outcome === 'entity_not_found');
  return missing.length > 0 ? { outcome: 'entity_not_found', missing } : null;
}

/**
 * The result of reading a pair. `visible`: the pair is recorded; `claims` are the ids of the claims that both copies
 * hold. `absent`: the pair is not recorded.
 */
export type PairRead<Left, Right> =
  | { outcome: 'visible'; claims: string[]; left: Left; right: Right }
  | { outcome: 'absent' }
  | EntityNotFound
  | NotExecuted;

/** The decision table of a pair read: one copy is enough to prove absence, presence needs both. */
export function decideRead<Left, Right>(
  left: Answer<ReadPairOutcome<Left>>,
  right: Answer<ReadPairOutcome<Right>>,
): PairRead<Left, Right> {
  const missing = entityNotFound(left, right);
  if (missing) return missing;
  if (holdsNone(left) || holdsNone(right)) return { outcome: 'absent' };
  if (isFailure(left)) return notRead(left);
  if (isFailure(right)) return notRead(right);
  if (left.outcome !== 'found' || right.outcome !== 'found') return { outcome: 'absent' };
  const claims = sharedClaims(left.claims, right.claims);
  if (claims.length === 0) return { outcome: 'absent' };
  return { outcome: 'visible', claims, left: left.entity, right: right.entity };
}

const holdsNone = (answer: { outcome: string; claims?: string[] }) =>
  answer.outcome === 'found' && answer.claims?.length === 0;
