import { commit, deliver, nameOf, numbers, retiresPair, unsend, withMark, withoutClaims } from './copies.ts';
import { afterReadDeadlines, begun, step, withProgress, type Turn } from './operation.ts';
import { heldAtFirst, type Progress, type Request, type State, type Step, type World } from './state.ts';

/**
 * Yields the step that deletes the entity on the right side at its owner service: it marks the entity. The claims are
 * purged later. The service may have begun to execute an insert before the mark, and commit it afterwards.
 */
export function* stepsOfDelete(turn: Turn): Generator<Step> {
  const { state, operation, world } = turn;
  const ready = state.operations[operation]?.stage === 'ready';
  if (ready && world.change === 'a deletion marks the entity first') {
    yield step(turn, 'right: deletes the claims', withoutClaims(begun(turn, { stage: 'deleting' }), ~0));
    return;
  }
  const marked = withMark(ready ? begun(turn, { stage: 'over' }) : state);
  yield step(turn, 'right: marks the entity as deleted', marked, 'done');
  for (const request of state.sent) {
    if (request.kind !== 'insert' || request.to !== 'right' || state.uncommitted.length > 0) continue;
    const text = `right: begins to accept ${nameOf(request.claims, world)}; marks the entity as deleted`;
    yield step(turn, text, { ...marked, uncommitted: [request] }, 'done');
  }
}

/**
 * Yields the step in which more than the grace period passes. All claims made so far are past grace, copies refuse
 * their inserts and retirements from now on, reads reach their deadline, and tombstones are purged. One request may
 * have been executed in time but not committed yet, for example because PostgreSQL waits for a standby.
 */
export function* stepsOfGrace(turn: Turn): Generator<Step> {
  const { operation, world } = turn;
  let state = withProgress(turn.state, operation, { stage: 'over' });
  const begun = state.operations.flatMap(({ stage }, i) => (stage === 'ready' ? [] : [i]));
  state = { ...state, pastGrace: begun.reduce((past, i) => past | (1 << (world.scenario.claims[i] ?? 0)), 1) };
  const hanging = state.sent.filter((request) => hasExpired(request, world) && mayArrive(state, request, world));
  state = unsend(state, (request) => hasExpired(request, world));
  state = afterReadDeadlines(state, world);
  const { left, right } = state.copies;
  const copies = {
    left: { ...left, tombstones: left.tombstones & ~state.pastGrace },
    right: { ...right, tombstones: right.tombstones & ~state.pastGrace },
  };
  const passes = 'the grace period passes';
  yield { ...step(turn, passes, { ...state, copies }), operation: null };
  for (const request of hanging) {
    const text = `${passes}; ${request.to} hangs in a commit`;
    yield { ...step(turn, text, { ...state, copies, uncommitted: [request] }), operation: null };
  }
}

function hasExpired({ kind, by, to }: Request, { change, scenario }: World): boolean {
  if (kind === 'insert') return change !== 'adds expire' && !(change === 'clocks agree' && to === 'right');
  return kind === 'retire' && scenario.kinds[by] === 'remove' && change !== 'removes expire';
}

/** Yields the step in which a database loses what it committed. */
export function* mishaps(state: State, { change, scenario }: World): Generator<Step> {
  if (change !== 'databases keep what they committed' || state.copies.right.gone) return;
  const right = { held: heldAtFirst(scenario), tombstones: 0, gone: false };
  const after = { ...state, copies: { ...state.copies, right } };
  yield { text: 'right: is reset to its first state', operation: null, begins: false, answer: null, state: after };
}

/** Yields late and repeated arrivals of requests, delayed commits, and the purge of a marked entity's claims. */
export function* arrivals(state: State, world: World): Generator<Step> {
  const happens = (text: string, state: State): Step => ({ text, operation: null, begins: false, answer: null, state });
  for (const request of state.sent)
    if (mayArrive(state, request, world)) yield happens(textOf(request, world), deliver(state, request, world));
  // the model ignores the locks of a delayed commit, so it allows more orders than PostgreSQL
  for (const request of state.uncommitted)
    yield happens(textOf(request, world, 'committed at last'), commit(state, request, world));
  const { gone, held } = state.copies.right;
  for (const number of gone ? numbers(held) : [])
    yield happens(`right: purges claim ${number}`, withoutClaims(state, 1 << number));
}

/** Decides whether a request may arrive by itself and change its copy. Awaited requests arrive in steps of operations. */
function mayArrive(state: State, request: Request, world: World): boolean {
  if (isAwaited(request, state.operations[request.by])) return false;
  const [before, now] = [state, deliver(state, request, world)].map(({ copies }) => copies[request.to]);
  return before?.held !== now?.held || before?.tombstones !== now?.tombstones;
}

function isAwaited({ kind, to }: Request, progress: Progress | undefined): boolean {
  const waits = progress?.stage === 'inserting' ? 'insert' : progress?.stage === 'retiring' ? 'retire' : null;
  return kind === waits && progress !== undefined && 'replies' in progress && progress.replies[to] === null;
}

function textOf({ to, kind, claims, by }: Request, world: World, when = 'late or again'): string {
  const which = nameOf(claims, world);
  if (kind === 'insert') return `${to}: accepts ${which}, ${when}`;
  if (kind === 'drop') return `${to}: drops ${which} for the reconciler`;
  if (kind === 'restore') return `${to}: gets ${which} back from the reconciler`;
  if (world.scenario.kinds[by] === 'add') return `${to}: retires ${which}, withdrawn by its add`;
  return `${to}: retires ${retiresPair(by, world) ? 'the pair' : which}, ${when}`;
}
