import { Problem } from '@attendance/common/contract/problems';
import { missing } from '@attendance/common/http/missing';
import { createTimes, promisedFinalMs, type Failure, type Pair, type SideName } from 'many-to-many';

export function notFound<E extends 'author' | 'conference' | 'event'>(entity: E, id: string) {
  return missing(entity, { path: `params.${entity}_id`, id });
}

const entityOf = { left: 'event', right: 'author' } as const;
const finalWithinS = promisedFinalMs(createTimes()) / 1000;

/** Names each entity of the pair that does not exist. The code is that of the first. */
export function missingOfPair(sides: readonly SideName[], pair: Pair) {
  const problems = sides.map((side) => notFound(entityOf[side], pair[side]));
  const errors = problems.flatMap((problem) => problem.errors);
  const detail = errors.map(({ message }) => message).join(', and ');
  return new Problem(problems[0]?.code ?? 'event_not_found', { errors, detail });
}

/** Presents an add or a remove that failed. */
export function notDone(failure: Failure) {
  return failure.outcome === 'not_executed'
    ? new Problem('not_executed', { cause: failure })
    : new Problem('outcome_unknown', {
        cause: failure,
        detail: `The outcome is final within ${finalWithinS} s; the request may be repeated`,
      });
}
