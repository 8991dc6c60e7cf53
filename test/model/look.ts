import { begun, withProgress, type Turn } from './operation.ts';
import { bothSides, numbers } from './copies.ts';
import { sides, type Both, type Claims, type Side, type State } from './state.ts';

export interface Look {
  side: Side;
  text: string;
  /** What was seen of both copies so far; null where it was not looked yet. */
  seen: Both<Claims | null>;
  /** Whether this copy's entity is gone. */
  missing: boolean;
  /** The claims that were old when it looked first. */
  old: Claims;
  state: State;
}

/** The ways in which an operation may look at one copy next: a read, a remove's first round, the reconciler's. */
export function* looks(turn: Turn): Generator<Look> {
  const { operation } = turn;
  const ready = turn.state.operations[operation]?.stage === 'ready';
  const fresh = { stage: 'looking', seen: bothSides<Claims | null>(null), old: turn.state.old } as const;
  const state = ready ? begun(turn, fresh) : turn.state;
  const progress = state.operations[operation];
  if (progress?.stage !== 'looking') return;
  const { old } = progress;
  for (const side of sides) {
    if (progress.seen[side] !== null) continue;
    const { gone: missing, held } = state.copies[side];
    const seen = { ...progress.seen, [side]: held };
    const shown = missing ? 'has no such entity' : `shows ${numbers(held).join(' and ') || 'nothing'}`;
    yield {
      side,
      text: `${side}: ${shown}`,
      seen,
      missing,
      old,
      state: withProgress(state, operation, { stage: 'looking', seen, old }),
    };
  }
}
