import { Problem } from '@attendance/common/contract/problems';
import type { Pair } from '../protocol/add.ts';

type Entity = 'author' | 'conference' | 'event';

const codeOf = <E extends Entity>(entity: E) => `${entity}_not_found` as const;

const fault = (entity: Entity, id: string) => ({
  path: `params.${entity}_id`,
  code: codeOf(entity),
  message: `there is no ${entity} ${id}`,
});

export function notFound<E extends Entity>(entity: E, id: string) {
  return new Problem(codeOf(entity), { errors: [fault(entity, id)] });
}

/** Names each entity of the pair that its owner does not know; the code is the first one's. */
export function missing(entities: readonly ('event' | 'author')[], pair: Pair) {
  const errors = entities.map((entity) => fault(entity, pair[`${entity}_id`]));
  const detail = errors.map(({ message }) => message).join(', and ');
  return new Problem(codeOf(entities[0] ?? 'event'), { errors, detail });
}

/** Why stays in the log: it names what a client has no business with. */
export function notExecuted({ reason }: { reason: string }) {
  return new Problem('not_executed', { cause: reason });
}

export function outcomeUnknown({ reason }: { reason: string }) {
  return new Problem('outcome_unknown', { cause: reason, detail: 'It is settled within 60 s and may be repeated' });
}
