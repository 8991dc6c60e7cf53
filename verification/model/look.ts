import { begun, withProgress, type Turn } from './operation.ts';
import { bothSides, numbers } from './copies.ts';
import { sides, type Both, type Claims, type Sample, type Side, type State } from './state.ts';

export interface Look {
  side: Side;
  text: string;
  /** What was seen of both copies so far; null where it was not looked yet. */
  seen: Both<Claims | null>;
  /** Whether this copy's entity is gone. */
  missing: boolean;
  sample: Sample;
  state: State;
}

/** The ways in which an operation may look at one copy next: a read, a remove's first round, the reconciler's. */
export function* looks(turn: Turn, patient = false): Generator<Look> {
  const { operation } = turn;
  const ready = turn.state.operations[operation]?.stage === 'ready';
  const sampled = { settled: settledIn(turn), patient };
  const fresh = { stage: 'looking', seen: bothSides<Claims | null>(null), sample: sampled } as const;
  const state = ready ? begun(turn, fresh) : turn.state;
  const progress = state.operations[operation];
  if (progress?.stage !== 'looking') return;
  const { sample } = progress;
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
      sample,
      state: withProgress(state, operation, { stage: 'looking', seen, sample }),
    };
  }
}

/** What is older than grace; nothing while a copy is still committing what it judged before grace passed. */
function settledIn({ state: { old, open }, world }: Turn): Claims {
  return open.length > 0 && world.change !== 'grace counts from the oldest open transaction' ? 0 : old;
}
