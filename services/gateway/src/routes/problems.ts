import { Problem } from '@attendance/common/contract/problems';
import { missing } from '@attendance/common/http/missing';
import type { Pair } from '../protocol/add.ts';

export function notFound<E extends 'author' | 'conference' | 'event'>(entity: E, id: string) {
  return missing(entity, { path: `params.${entity}_id`, id });
}

/** Names each entity of the pair that its owner does not know; the code is the first one's. */
export function missingOfPair(entities: readonly ('event' | 'author')[], pair: Pair) {
  const problems = entities.map((entity) => notFound(entity, pair[`${entity}_id`]));
  const errors = problems.flatMap((problem) => problem.errors);
  const detail = errors.map(({ message }) => message).join(', and ');
  return new Problem(problems[0]?.code ?? 'event_not_found', { errors, detail });
}

/** Why stays in the log: it names what a client has no business with. */
export function notExecuted({ reason }: { reason: string }) {
  return new Problem('not_executed', { cause: reason });
}

export function outcomeUnknown({ reason }: { reason: string }) {
  return new Problem('outcome_unknown', { cause: reason, detail: 'It is settled within 60 s and may be repeated' });
}
