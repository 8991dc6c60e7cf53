import { deliver, nameOf, unsend, withoutEntity } from './copies.ts';
import { begun, step, withoutLooks, withProgress, type Turn } from './operation.ts';
import { heldAtFirst, type Progress, type Request, type State, type Step, type World } from './state.ts';

/** The event is deleted at its owner. */
export function* stepsOfDelete(turn: Turn): Generator<Step> {
  const state = withoutEntity(begun(turn, { stage: 'over' }));
  yield step(turn, 'conference: deletes the event and its claims', state, 'done');
}

/**
 * More than the grace period passes: what was begun is old, its inserts and retirements are refused from now on, what
 * still reads is not waited for, and the marks of old claims are purged. One request may have arrived in time and hang
 * in its commit all the while, as where PostgreSQL waits for a standby.
 */
export function* stepsOfGrace(turn: Turn): Generator<Step> {
  const { operation, world } = turn;
  let state = withProgress(turn.state, operation, { stage: 'over' });
  const begun = state.operations.flatMap(({ stage }, i) => (stage === 'ready' ? [] : [i]));
  state = { ...state, old: begun.reduce((old, i) => old | (1 << (world.scenario.claims[i] ?? 0)), 1) };
  const hanging = state.sent.filter((request) => hasExpired(request, world) && mayArrive(state, request, world));
  state = unsend(state, (request) => hasExpired(request, world));
  state = withoutLooks(state, world);
  const { author, conference } = state.copies;
  const copies = {
    author: { ...author, marked: author.marked & ~state.old },
    conference: { ...conference, marked: conference.marked & ~state.old },
  };
  const passes = 'more than the grace period passes';
  yield { ...step(turn, passes, { ...state, copies }), operation: null };
  for (const request of hanging) {
    const text = `${passes}; ${request.to} hangs in a commit`;
    yield { ...step(turn, text, { ...state, copies, open: [request] }), operation: null };
  }
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

/** What was sent arrives when nobody waits for its answer any more, or arrives again; what hung is committed. */
export function* arrivals(state: State, world: World): Generator<Step> {
  const happens = (text: string, state: State): Step => ({ text, operation: null, begins: false, told: null, state });
  for (const request of state.sent)
    if (mayArrive(state, request, world)) yield happens(textOf(request, world), deliver(state, request, world));
  // what would have to wait for its locks does not: that allows more than can happen
  for (const request of state.open)
    yield happens(textOf(request, world, 'at last'), { ...deliver(state, request, world), open: [] });
}

/** Whether it may arrive by itself, and changes something. While its answer is awaited the operation sees to it. */
function mayArrive(state: State, request: Request, world: World): boolean {
  if (isAwaited(request, state.operations[request.by])) return false;
  const [before, now] = [state, deliver(state, request, world)].map(({ copies }) => copies[request.to]);
  return before?.held !== now?.held || before?.marked !== now?.marked;
}

function isAwaited({ kind, to }: Request, progress: Progress | undefined): boolean {
  const waits = progress?.stage === 'inserting' ? 'insert' : progress?.stage === 'retiring' ? 'retire' : null;
  return kind === waits && progress !== undefined && 'heard' in progress && progress.heard[to] === null;
}

function textOf({ to, kind, claims, by }: Request, world: World, when = 'late or again'): string {
  const which = nameOf(claims, world);
  if (kind === 'insert') return `${to}: takes ${which}, ${when}`;
  if (kind === 'drop') return `${to}: drops ${which} for the reconciler`;
  if (kind === 'restore') return `${to}: is given ${which} back by the reconciler`;
  if (world.scenario.kinds[by] === 'add') return `${to}: retires ${which}, withdrawn by its add`;
  return `${to}: retires ${which}, ${when}`;
}
