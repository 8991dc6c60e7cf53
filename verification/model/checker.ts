import type { Outcome } from '../../test/support/history.ts';
import type { Kind } from './scenarios.ts';

/**
 * Whether the answers so far are linearizable: the set of all explanations that are still possible, updated with every
 * step. Source: Lowe, "Testing for linearizability" (2017), just-in-time linearization.
 *
 * An explanation is a number. Its two lowest bits are the state of the pair. Then come three bits for each running
 * operation: whether it has yet to take effect, whether the pair left the state absent since it began, and whether the
 * pair left the state present. So one explanation covers another if the pair's state is the same and it has all of the
 * other's bits.
 */
export interface CheckerState {
  /** The operations that may still take effect, one bit each. */
  readonly pending: number;
  /** The operations whose client will get no other answer, one bit each. */
  readonly unanswered: number;
  /** Empty if the answers are not linearizable. */
  readonly explanations: readonly number[];
}

const registers = { absent: 0, present: 1, gone: 2 } as const;
type Register = (typeof registers)[keyof typeof registers];
const { absent, present, gone } = registers;

const unspent = 1;
/** Set if the pair has left a state since the operation began. The state `gone` has no flag, as no pair leaves it. */
const leftFlag = (register: Register) => (2 << register) & allFlags;
const allFlags = 0b111;
const bits = (operation: number, flags: number) => flags << (2 + 3 * operation);
const registerOf = (explanation: number) => (explanation & 3) as Register;

export const initially = (state: 'absent' | 'present'): CheckerState => ({
  pending: 0,
  unanswered: 0,
  explanations: [registers[state]],
});

export function begin({ pending, unanswered, explanations }: CheckerState, operation: number): CheckerState {
  const begun = explanations.map((one) => one | bits(operation, unspent));
  return { pending: pending | (1 << operation), unanswered, explanations: begun };
}

/** Ends an operation: its answer must have been true at some moment since it began. */
export function end(checker: CheckerState, kinds: readonly Kind[], operation: number, outcome: Outcome): CheckerState {
  if (outcome === 'unknown')
    return {
      ...checker,
      unanswered: checker.unanswered | (1 << operation),
      explanations: withoutCovered(checker.explanations.map((one) => one & ~bits(operation, allFlags & ~unspent))),
    };
  const kind = kinds[operation];
  const fits = (one: number) => {
    const has = (flag: number) => (one & bits(operation, flag)) !== 0;
    if (outcome !== 'done' && !has(unspent)) return false;
    // the remove saw the pair present, and it or a concurrent operation ended that
    if (outcome === 'done' && kind === 'remove') return has(leftFlag(present));
    return (
      outcome === 'refused' || held(kind, outcome).some((state) => state === registerOf(one) || has(leftFlag(state)))
    );
  };
  const explanations = widened(checker, kinds)
    .filter(fits)
    .map((one) => one & ~bits(operation, allFlags));
  const pending = checker.pending & ~(1 << operation);
  return { pending, unanswered: checker.unanswered, explanations: withoutCovered(explanations) };
}

function held(kind: Kind | undefined, outcome: Outcome): Register[] {
  if (outcome === 'present' || (outcome === 'done' && kind === 'add')) return [present];
  if (outcome === 'missing' || (outcome === 'done' && kind === 'delete')) return [gone];
  return [absent, gone];
}

/** Returns the explanations, and all that follow from them if running operations take effect now. */
function widened({ pending, unanswered, explanations }: CheckerState, kinds: readonly Kind[]): number[] {
  const found = new Set(explanations);
  for (const one of found)
    for (const [i, kind] of kinds.entries()) {
      if (!(pending & (1 << i)) || !(one & bits(i, unspent))) continue;
      const before = registerOf(one);
      const register = effect(kind, before);
      if (register === null) continue;
      let next = ((one & ~3) | register) & ~bits(i, unspent);
      for (const j of kinds.keys()) if (pending & ~unanswered & (1 << j)) next |= bits(j, leftFlag(before));
      found.add(next);
    }
  return [...found];
}

function effect(kind: Kind, from: Register): Register | null {
  if (kind === 'add' && from === absent) return present;
  if (kind === 'remove' && from === present) return absent;
  if (kind === 'delete' && from !== gone) return gone;
  return null;
}

/** Removes explanations that another one covers, and sorts the rest, so that equal states of the checker are equal arrays. */
function withoutCovered(explanations: number[]): number[] {
  const different = [...new Set(explanations)].sort((a, b) => a - b);
  const covers = (one: number, other: number) => one !== other && (one & 3) === (other & 3) && (one | other) === one;
  return different.filter((one) => !different.some((other) => covers(other, one)));
}
