import type { Operation } from '../support/history.ts';
import type { State } from './linearizability.ts';

/**
 * The definition of linearizability as a program: try every order. For small histories only, as the measure that
 * the real checker is tested against; it shares no code with it.
 */
export function checkPairNaively(operations: readonly Operation[], state: State = 'absent'): boolean {
  const pending = operations.filter((operation) => operation.outcome !== 'unknown');
  if (pending.length === 0) return true;
  const firstEnd = Math.min(...pending.map(({ end }) => end ?? Infinity));
  return operations
    .filter(({ start }) => start <= firstEnd)
    .some((operation) => {
      const next = apply(operation, state);
      return (
        next !== null &&
        checkPairNaively(
          operations.filter((other) => other !== operation),
          next,
        )
      );
    });
}

/** The state after the operation; null where its answer is not that of the state. */
function apply({ kind, outcome }: Operation, state: State): State | null {
  if (outcome === 'refused') return state;
  if (outcome === 'missing') return state === 'gone' ? state : null;
  if (outcome === 'present') return state === 'present' ? state : null;
  if (outcome === 'absent') return state === 'present' ? null : state;
  if (kind === 'delete') return 'gone';
  if (kind === 'remove') return state === 'gone' ? 'gone' : 'absent';
  if (kind === 'read') return outcome === 'unknown' ? state : null;
  if (state === 'gone') return outcome === 'unknown' ? 'gone' : null;
  return 'present';
}
