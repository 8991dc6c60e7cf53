import { begun, withProgress, type Turn } from './operation.ts';
import { bothSides, numbers } from './copies.ts';
import { sides, type Both, type Claims, type Sample, type Side, type State } from './state.ts';

interface Look {
  side: Side;
  text: string;
  /** The claims that the operation has seen in each copy; null for a copy that it has not looked at yet. */
  seen: Both<Claims | null>;
  /** Whether the entity of this copy is deleted. */
  missing: boolean;
  sample: Sample;
  state: State;
}

/** Yields the ways in which a read, a remove's first round or a reconciler may look at one more copy. */
export function* looks(turn: Turn, waited = false): Generator<Look> {
  const { operation } = turn;
  const ready = turn.state.operations[operation]?.stage === 'ready';
  const sampled = { stable: stableIn(turn), waited };
  const fresh = { stage: 'looking', seen: bothSides<Claims | null>(null), sample: sampled } as const;
  const state = ready ? begun(turn, fresh) : turn.state;
  const progress = state.operations[operation];
  if (progress?.stage !== 'looking') return;
  const { sample } = progress;
  for (const side of sides) {
    if (progress.seen[side] !== null) continue;
    const { gone, held } = state.copies[side];
    const missing = gone && turn.world.change !== 'reads obey the mark';
    const seen = { ...progress.seen, [side]: missing ? 0 : held };
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

/** Returns the claims past the grace period; none while a copy has not committed a request that it executed earlier. */
function stableIn({ state: { pastGrace, uncommitted }, world }: Turn): Claims {
  const ignoresOpen = world.change === 'grace counts from the oldest open transaction';
  return uncommitted.length > 0 && !ignoresOpen ? 0 : pastGrace;
}
