import { looks } from './look.ts';
import { sharedBy } from './copies.ts';
import { step, type Turn } from './operation.ts';
import type { Both, Claims, Step } from './state.ts';

/** Yields the steps of a read, of the pair alone or in a list: it looks at both copies. */
export function* stepsOfRead(turn: Turn): Generator<Step> {
  for (const { side, text, seen, missing, state } of looks(turn)) {
    const asksOne = turn.world.change === 'a read asks both copies';
    if (missing) yield step(turn, text, state, 'missing');
    else if (asksOne) yield step(turn, text, state, seen[side] ? 'present' : 'absent');
    else {
      const visible = visibleIn(seen);
      if (visible === null) yield step(turn, text, state);
      else yield step(turn, text, state, visible === 0 ? 'absent' : 'present');
    }
  }
}

/** Returns the claims seen in both copies, or null while that is undecided. One empty copy decides it. */
export function visibleIn({ left, right }: Both<Claims | null>): Claims | null {
  if (left === 0 || right === 0) return 0;
  return left === null || right === null ? null : sharedBy({ left, right });
}
