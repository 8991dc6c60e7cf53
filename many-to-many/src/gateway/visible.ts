import type { ReadPairOutcome } from '../operations.ts';
import { isFailure, notRead, type Answer, type NotExecuted } from '../outcome.ts';
import type { SideName } from '../relation.ts';

/** Returns the claims that both copies hold. A pair is visible if there is at least one. */
export function sharedClaims(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((claim) => other.includes(claim));
}

/** The result of a call for a pair if one or both of its entities do not exist. `missing` names their sides. */
export interface EntityNotFound {
  outcome: 'entity_not_found';
  missing: SideName[];
}

/** Names each side whose owner service answered that it has no such entity. */
export function entityNotFound(left: { outcome: string }, right: { outcome: string }): EntityNotFound {
  const answers = { left, right };
  const missing = (['left', 'right'] as const).filter((side) => answers[side].outcome === 'entity_not_found');
  return { outcome: 'entity_not_found', missing };
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

/** Decides the result of reading a pair. One copy is enough to prove that the pair is absent; presence needs both. */
export function decideRead<Left, Right>(
  left: Answer<ReadPairOutcome<Left>>,
  right: Answer<ReadPairOutcome<Right>>,
): PairRead<Left, Right> {
  if (left.outcome === 'entity_not_found' || right.outcome === 'entity_not_found') return entityNotFound(left, right);
  if (holdsNone(left) || holdsNone(right)) return { outcome: 'absent' };
  if (isFailure(left)) return notRead(left);
  if (isFailure(right)) return notRead(right);
  const claims = sharedClaims(left.claims, right.claims);
  if (claims.length === 0) return { outcome: 'absent' };
  return { outcome: 'visible', claims, left: left.entity, right: right.entity };
}

const holdsNone = (answer: { outcome: string; claims?: string[] }) =>
  answer.outcome === 'found' && answer.claims?.length === 0;
