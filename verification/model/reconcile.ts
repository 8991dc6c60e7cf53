import { numbers, send } from './copies.ts';
import { looks } from './look.ts';
import { afterReadsAndRemoves, step, withProgress, type Turn } from './operation.ts';
import { otherThan, sides, type Both, type Claims, type Request, type Sample, type Side, type Step } from './state.ts';

/** Yields the steps of a scan: it samples what is stable, looks at both copies, and drops half and surplus claims. */
export function* stepsOfReconcile(turn: Turn): Generator<Step> {
  const { operation, state, world } = turn;
  const progress = state.operations[operation];
  if (progress?.stage === 'looking') yield* lookOn(turn, progress.sample.waited);
  if (progress?.stage !== 'ready') return;
  yield* lookOn(turn, false);
  const others = world.change === 'compaction waits' ? state : afterReadsAndRemoves(state, world);
  yield* lookOn({ ...turn, state: others }, true);
}

/** Yields the next look. A scan compacts only if it `waited` for the operations that were running at its sample. */
function* lookOn(turn: Turn, waited: boolean): Generator<Step> {
  for (const { text, seen, sample, state } of looks(turn, waited)) {
    const { left, right } = seen;
    if (left === null || right === null) {
      yield step(turn, text, state);
      continue;
    }
    const stable = stableClaims(turn, sample);
    const found = { left: left & stable, right: right & stable };
    for (const kept of waited ? keepable(left & right & stable, turn) : [~0]) {
      const requests = repairs(turn, { seen: { left, right }, found, kept });
      yield step(turn, text, withProgress(send(state, ...requests), turn.operation, { stage: 'over' }));
    }
  }
}

/** Returns the claims that the scan may drop: those that were stable before it first looked. */
function stableClaims({ state, world }: Turn, sample: Sample): Claims {
  if (world.change === 'the reconciler waits for the grace period') return ~0;
  return world.change === 'the reconciler samples what is stable first' ? state.pastGrace : sample.stable;
}

/** Returns the claims, of those that both copies hold, that may be the one to keep: only the smallest. */
function keepable(shared: Claims, { world }: Turn): Claims[] {
  const all = numbers(shared).map((number) => 1 << number);
  if (all.length === 0) return [0];
  if (world.change === 'compaction keeps the smallest claim') return all;
  return world.change === 'compaction keeps the largest claim' ? all.slice(-1) : all.slice(0, 1);
}

interface Findings {
  seen: Both<Claims>;
  /** The seen claims that are stable. */
  found: Both<Claims>;
  kept: Claims;
}

function repairs({ operation, world }: Turn, { seen, found, kept }: Findings): Request[] {
  const request = (kind: 'drop' | 'restore', to: Side, claims: Claims): Request => ({
    kind,
    to,
    claims,
    by: operation,
  });
  return sides.flatMap((side) => {
    const half = found[side] & ~seen[otherThan(side)];
    const surplus = found[side] & seen[otherThan(side)] & ~kept;
    if (world.change !== 'the reconciler never restores') return [request('drop', side, half | surplus)];
    return [request('drop', side, surplus), request('restore', otherThan(side), half)];
  });
}
