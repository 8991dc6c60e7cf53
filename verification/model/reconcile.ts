import { numbers, send } from './copies.ts';
import { looks } from './look.ts';
import { step, withoutBegun, withProgress, type Turn } from './operation.ts';
import { otherThan, sides, type Both, type Claims, type Request, type Sample, type Side, type Step } from './state.ts';

/** The reconciler samples what is settled, looks at both copies, and asks each to drop what is half, or surplus. */
export function* stepsOfReconcile(turn: Turn): Generator<Step> {
  const { operation, state, world } = turn;
  const progress = state.operations[operation];
  if (progress?.stage === 'looking') yield* lookOn(turn, progress.sample.patient);
  if (progress?.stage !== 'ready') return;
  yield* lookOn(turn, false);
  const others = world.change === 'compaction waits' ? state : withoutBegun(state, world);
  yield* lookOn({ ...turn, state: others }, true);
}

/** It compacts only if it let those finish first that had begun when it took its sample. */
function* lookOn(turn: Turn, patient: boolean): Generator<Step> {
  for (const { text, seen, sample, state } of looks(turn, patient)) {
    const { author, conference } = seen;
    if (author === null || conference === null) {
      yield step(turn, text, state);
      continue;
    }
    const judged = judgedBy(turn, sample);
    const found = { author: author & judged, conference: conference & judged };
    for (const kept of patient ? keepable(author & conference & judged, turn) : [~0]) {
      const requests = repairs(turn, { seen: { author, conference }, found, kept });
      yield step(turn, text, withProgress(send(state, ...requests), turn.operation, { stage: 'over' }));
    }
  }
}

/** The claims that it may judge: those that were settled before it looked first. */
function judgedBy({ state, world }: Turn, sample: Sample): Claims {
  if (world.change === 'reconciler waits for grace') return ~0;
  return world.change === 'reconciler fixes first what is old' ? state.old : sample.settled;
}

/** The claims of which one may be kept, of those that both copies hold: the smallest. */
function keepable(shared: Claims, { world }: Turn): Claims[] {
  const all = numbers(shared).map((number) => 1 << number);
  if (all.length === 0) return [0];
  if (world.change === 'compaction keeps the smallest') return all;
  return world.change === 'compaction keeps the largest' ? all.slice(-1) : all.slice(0, 1);
}

interface Findings {
  seen: Both<Claims>;
  /** What was seen and may be judged. */
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
    if (world.change !== 'reconciler drops, never restores') return [request('drop', side, half | surplus)];
    return [request('drop', side, surplus), request('restore', otherThan(side), half)];
  });
}
