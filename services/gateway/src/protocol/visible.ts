import type { ReadPairOutcome } from '@attendance/common/contract/claims';
import type { Author, Event } from '@attendance/common/contract/entities';
import type { NoAnswer } from './ask.ts';

/** A pair is visible while both copies hold the same claim of it. */
export function sharedClaims(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((claim) => other.includes(claim));
}

export type Seen =
  | { outcome: 'visible'; claims: string[]; event: Event; author: Author }
  | { outcome: 'missing'; missing: ('event' | 'author')[] }
  | { outcome: 'absent' }
  | { outcome: 'not_executed'; reason: string };

/** The decision table of a pair read: one copy is enough to prove absence, presence needs both. */
export function decidePair(
  byAuthor: ReadPairOutcome<Author> | NoAnswer,
  byConference: ReadPairOutcome<Event> | NoAnswer,
): Seen {
  const missing: ('event' | 'author')[] = [];
  if (byConference.outcome === 'unknown_owner') missing.push('event');
  if (byAuthor.outcome === 'unknown_owner') missing.push('author');
  if (missing.length > 0) return { outcome: 'missing', missing };

  const empty = (answer: typeof byAuthor | typeof byConference) =>
    answer.outcome === 'found' && answer.claims.length === 0;
  if (empty(byAuthor) || empty(byConference)) return { outcome: 'absent' };
  if (byAuthor.outcome !== 'found') return noAnswer(byAuthor);
  if (byConference.outcome !== 'found') return noAnswer(byConference);

  const claims = sharedClaims(byAuthor.claims, byConference.claims);
  if (claims.length === 0) return { outcome: 'absent' };
  return { outcome: 'visible', claims, event: byConference.entity, author: byAuthor.entity };
}

/** A read changes nothing, so that whatever failed it is certain. */
export function noAnswer(answer: { outcome: string; reason?: string }): { outcome: 'not_executed'; reason: string } {
  return { outcome: 'not_executed', reason: answer.reason ?? answer.outcome };
}
