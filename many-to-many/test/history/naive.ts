import type { Operation } from '../../src/testing/history/operation.ts';
import type { State } from '../../src/testing/index.ts';

/**
 * Checks linearizability by trying every order, for small histories. The tests compare checkPair with it, so it shares no
 * code with checkPair.
 * @param concurrent the operations that were running at the moment at which the pair was last present
 */
export function checkPairNaively(
  operations: readonly Operation[],
  state: State = 'absent',
  concurrent: readonly Operation[] = [],
): boolean {
  const pending = operations.filter((operation) => operation.outcome !== 'unknown');
  if (pending.length === 0) return true;
  const firstEnd = Math.min(...pending.map(({ end }) => end ?? Infinity));
  const running = operations.filter(({ start }) => start <= firstEnd);
  return running.some((operation) => {
    const next = apply(operation, state, concurrent);
    return (
      next !== null &&
      checkPairNaively(
        operations.filter((other) => other !== operation),
        next,
        state === 'present' && next !== 'present' ? running : concurrent,
      )
    );
  });
}

/** Returns the state after the operation; null if its answer is wrong in this state. */
function apply(operation: Operation, state: State, concurrent: readonly Operation[]): State | null {
  const { kind, outcome } = operation;
  if (outcome === 'refused') return state;
  if (outcome === 'missing') return state === 'gone' ? state : null;
  if (outcome === 'present') return state === 'present' ? state : null;
  if (outcome === 'absent') return state === 'present' ? null : state;
  if (kind === 'delete') return 'gone';
  if (kind === 'remove') {
    if (state === 'present') return 'absent';
    // a concurrent operation ended the presence that this remove saw
    return outcome === 'unknown' || concurrent.includes(operation) ? state : null;
  }
  if (kind === 'read') return outcome === 'unknown' ? state : null;
  if (state === 'gone') return outcome === 'unknown' ? 'gone' : null;
  return 'present';
}
