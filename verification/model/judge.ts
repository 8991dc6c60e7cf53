import type { Outcome } from '../../test/support/history.ts';
import type { Kind } from './scenarios.ts';

/**
 * Whether what clients were told so far is linearizable, kept up with every step: the set of all explanations that
 * are left. Source: Lowe, "Testing for linearizability" (2017), just-in-time linearization.
 *
 * An explanation is a number: in its two lowest bits what the pair is, then three bits for each operation that is under
 * way: whether it did not take effect yet, and whether the pair ceased to be absent, or present, at some moment since
 * it began. So one explanation can do all that another can if the pair is the same and it has
 * all of the other's bits.
 */
export interface Judgement {
  /** Bits of the operations that may still take effect. */
  readonly open: number;
  /** Bits of those that will be told nothing more. */
  readonly lost: number;
  /** None: no order explains what was told. */
  readonly explanations: readonly number[];
}

const registers = { absent: 0, present: 1, gone: 2 } as const;
type Register = (typeof registers)[keyof typeof registers];
const { absent, present, gone } = registers;

const unspent = 1;
/** There is none for `gone`, which nothing leaves. */
const left = (register: Register) => (2 << register) & allFlags;
const allFlags = 0b111;
const bits = (operation: number, flags: number) => flags << (2 + 3 * operation);
const registerOf = (explanation: number) => (explanation & 3) as Register;

/** As many as an explanation has room for. */
export const mostOperations = 9;

export const initially = (state: 'absent' | 'present'): Judgement => ({
  open: 0,
  lost: 0,
  explanations: [registers[state]],
});

export function begin({ open, lost, explanations }: Judgement, operation: number): Judgement {
  const begun = explanations.map((one) => one | bits(operation, unspent));
  return { open: open | (1 << operation), lost, explanations: begun };
}

/** An operation ends: what it is told has to have been true at some moment since it began. */
export function tell(judgement: Judgement, kinds: readonly Kind[], operation: number, outcome: Outcome): Judgement {
  if (outcome === 'unknown')
    return {
      ...judgement,
      lost: judgement.lost | (1 << operation),
      explanations: strongest(judgement.explanations.map((one) => one & ~bits(operation, allFlags & ~unspent))),
    };
  const kind = kinds[operation];
  const fits = (one: number) => {
    const has = (flag: number) => (one & bits(operation, flag)) !== 0;
    if (outcome !== 'done' && !has(unspent)) return false;
    // it saw the pair present: it ended that, or another did that it met
    if (outcome === 'done' && kind === 'remove') return has(left(present));
    return outcome === 'refused' || held(kind, outcome).some((state) => state === registerOf(one) || has(left(state)));
  };
  const explanations = widened(judgement, kinds)
    .filter(fits)
    .map((one) => one & ~bits(operation, allFlags));
  return { open: judgement.open & ~(1 << operation), lost: judgement.lost, explanations: strongest(explanations) };
}

function held(kind: Kind | undefined, outcome: Outcome): Register[] {
  if (outcome === 'present' || (outcome === 'done' && kind === 'add')) return [present];
  if (outcome === 'missing' || (outcome === 'done' && kind === 'delete')) return [gone];
  return [absent, gone];
}

/** The explanations, and all that operations under way can make of them by taking effect now. */
function widened({ open, lost, explanations }: Judgement, kinds: readonly Kind[]): number[] {
  const found = new Set(explanations);
  for (const one of found)
    for (const [i, kind] of kinds.entries()) {
      if (!(open & (1 << i)) || !(one & bits(i, unspent))) continue;
      const before = registerOf(one);
      const register = effect(kind, before);
      if (register === null) continue;
      let next = ((one & ~3) | register) & ~bits(i, unspent);
      for (const j of kinds.keys()) if (open & ~lost & (1 << j)) next |= bits(j, left(before));
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

/** Without those that another can stand in for; in order, so that equal judgements look equal. */
function strongest(explanations: number[]): number[] {
  const different = [...new Set(explanations)].sort((a, b) => a - b);
  const standsIn = (one: number, other: number) => one !== other && (one & 3) === (other & 3) && (one | other) === one;
  return different.filter((one) => !different.some((other) => standsIn(other, one)));
}
