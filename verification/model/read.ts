import { looks } from './look.ts';
import { sharedBy } from './copies.ts';
import { step, type Turn } from './operation.ts';
import type { Both, Claims, Step } from './state.ts';

/** A read, of the pair or in any list: what do both copies hold? */
export function* stepsOfRead(turn: Turn): Generator<Step> {
  for (const { side, text, seen, missing, state } of looks(turn)) {
    const one = turn.world.change === 'read both copies';
    if (missing) yield step(turn, text, state, 'missing');
    else if (one) yield step(turn, text, state, seen[side] ? 'present' : 'absent');
    else {
      const visible = visibleIn(seen);
      if (visible === null) yield step(turn, text, state);
      else yield step(turn, text, state, visible === 0 ? 'absent' : 'present');
    }
  }
}

/** The claims seen in both copies, as soon as that is decided: one empty copy is enough. */
export function visibleIn({ author, conference }: Both<Claims | null>): Claims | null {
  if (author === 0 || conference === 0) return 0;
  return author === null || conference === null ? null : sharedBy({ author, conference });
}
