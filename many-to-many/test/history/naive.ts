import type { Operation } from '../../src/testing/history/operation.ts';
import type { State } from '../../src/testing/index.ts';

/**
 * The definition of linearizability as a program: try every order. For small histories only, as the measure that
 * the real checker is tested against; it shares no code with it.
 * @param met which of the operations were under way at the moment at which the pair last ceased to be present
 */
export function checkPairNaively(
  operations: readonly Operation[],
  state: State = 'absent',
  met: readonly Operation[] = [],
): boolean {
  const pending = operations.filter((operation) => operation.outcome !== 'unknown');
  if (pending.length === 0) return true;
  const firstEnd = Math.min(...pending.map(({ end }) => end ?? Infinity));
  const underWay = operations.filter(({ start }) => start <= firstEnd);
  return underWay.some((operation) => {
    const next = apply(operation, state, met);
    return (
      next !== null &&
      checkPairNaively(
        operations.filter((other) => other !== operation),
        next,
        state === 'present' && next !== 'present' ? underWay : met,
      )
    );
  });
}

/** The state after the operation; null where its answer is not that of the state. */
function apply(operation: Operation, state: State, met: readonly Operation[]): State | null {
  const { kind, outcome } = operation;
  if (outcome === 'refused') return state;
  if (outcome === 'missing') return state === 'gone' ? state : null;
  if (outcome === 'present') return state === 'present' ? state : null;
  if (outcome === 'absent') return state === 'present' ? null : state;
  if (kind === 'delete') return 'gone';
  if (kind === 'remove') {
    if (state === 'present') return 'absent';
    // saw it present, and so did what was faster
    return outcome === 'unknown' || met.includes(operation) ? state : null;
  }
  if (kind === 'read') return outcome === 'unknown' ? state : null;
  if (state === 'gone') return outcome === 'unknown' ? 'gone' : null;
  return 'present';
}
