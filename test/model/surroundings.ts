import { deliver, nameOf, unsend, withoutEntity } from './copies.ts';
import { begun, step, withProgress, ended, type Turn } from './operation.ts';
import { heldAtFirst, type Progress, type Request, type State, type Step, type World } from './state.ts';

/** The event is deleted at its owner. */
export function* stepsOfDelete(turn: Turn): Generator<Step> {
  const state = withoutEntity(begun(turn, { stage: 'over' }));
  yield step(turn, 'conference: deletes the event and its claims', state, 'done');
}

/**
 * More than the grace period passes: what was begun is old, its inserts and retirements are refused from now on, what
 * still reads is not waited for, and the marks of old claims are purged.
 */
export function* stepsOfGrace(turn: Turn): Generator<Step> {
  const { operation, world } = turn;
  let state = withProgress(turn.state, operation, { stage: 'over' });
  const begun = state.operations.flatMap(({ stage }, i) => (stage === 'ready' ? [] : [i]));
  state = { ...state, old: begun.reduce((old, i) => old | (1 << (world.scenario.claims[i] ?? 0)), 1) };
  state = unsend(state, (request) => hasExpired(request, world));
  for (const i of begun)
    if (state.operations[i]?.stage === 'looking' && expires(world.scenario.kinds[i], world))
      state = ended(state, { ...turn, operation: i }, 'refused');
  const { author, conference } = state.copies;
  const copies = {
    author: { ...author, marked: author.marked & ~state.old },
    conference: { ...conference, marked: conference.marked & ~state.old },
  };
  yield { ...step(turn, 'more than the grace period passes', { ...state, copies }), operation: null };
}

/** Reads, and removes in their first round, are given up. The reconciler may take its time. */
function expires(kind: string | undefined, { change }: World): boolean {
  return (kind === 'read' || kind === 'remove') && change !== 'reads expire';
}

function hasExpired({ kind, by, to }: Request, { change, scenario }: World): boolean {
  if (kind === 'insert') return change !== 'adds expire' && !(change === 'clocks agree' && to === 'conference');
  return kind === 'retire' && scenario.kinds[by] === 'remove' && change !== 'removes expire';
}

/** A database that does not keep what it committed. */
export function* mishaps(state: State, { change, scenario }: World): Generator<Step> {
  if (change !== 'databases keep what they committed' || state.copies.conference.gone) return;
  const conference = { held: heldAtFirst(scenario), marked: 0, gone: false };
  const after = { ...state, copies: { ...state.copies, conference } };
  yield { text: 'conference: is set back to how it began', operation: null, begins: false, told: null, state: after };
}

/** What was sent arrives when nobody waits for its answer any more, or arrives again. */
export function* arrivals(state: State, world: World): Generator<Step> {
  for (const request of state.sent) {
    if (isAwaited(request, state.operations[request.by])) continue;
    const after = deliver(state, request, world);
    const [before, now] = [state.copies[request.to], after.copies[request.to]];
    if (before.held === now.held && before.marked === now.marked) continue;
    yield { text: textOf(request, world), operation: null, begins: false, told: null, state: after };
  }
}

function isAwaited({ kind, to }: Request, progress: Progress | undefined): boolean {
  const waits = progress?.stage === 'inserting' ? 'insert' : progress?.stage === 'retiring' ? 'retire' : null;
  return kind === waits && progress !== undefined && 'heard' in progress && progress.heard[to] === null;
}

function textOf({ to, kind, claims, by }: Request, world: World): string {
  const which = nameOf(claims, world);
  if (kind === 'insert') return `${to}: takes ${which}, late or again`;
  if (kind === 'drop') return `${to}: drops ${which} for the reconciler`;
  if (kind === 'restore') return `${to}: is given ${which} back by the reconciler`;
  if (world.scenario.kinds[by] === 'add') return `${to}: retires ${which}, withdrawn by its add`;
  return `${to}: retires ${which}, late or again`;
}
