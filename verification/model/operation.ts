import type { Outcome } from '../../test/support/history.ts';
import { begin, end } from './checker.ts';
import { send, unsend } from './copies.ts';
import type { Kind } from './scenarios.ts';
import type { Progress, Request, State, Step, World } from './state.ts';

/** An operation in a state: its possible next steps follow from this. */
export interface Turn {
  readonly operation: number;
  readonly state: State;
  readonly world: World;
}

export function withProgress(state: State, operation: number, progress: Progress): State {
  return { ...state, operations: state.operations.with(operation, progress) };
}

/**
 * Returns the state in which an operation has begun. An operation begins with its first step and ends with its last
 * one: a longer interval would only allow more orders.
 */
export function begun({ state, operation, world }: Turn, progress: Progress, ...requests: Request[]): State {
  const checker = isClients(world, operation) ? begin(state.checker, operation) : state.checker;
  return withProgress(send({ ...state, checker }, ...requests), operation, progress);
}

export function ended(state: State, { operation, world }: Turn, outcome: Outcome): State {
  const checker = end(state.checker, world.scenario.kinds, operation, outcome);
  return withProgress({ ...state, checker }, operation, { stage: 'over' });
}

/** Ends the reads, and the removes in their first round, at their deadline. A reconciler has no deadline. */
export function afterReadDeadlines(state: State, world: World): State {
  if (world.change === 'reads expire') return state;
  return endAll(state, world, { stage: 'looking', kinds: ['read', 'remove'], outcome: 'refused' });
}

/** Ends the reads and removes that have begun; the removes' requests have expired. */
export function afterReadsAndRemoves(state: State, world: World): State {
  const after = afterReadDeadlines(state, world);
  if (world.change === 'removes expire') return after;
  const isRemoves = ({ kind, by }: Request) => kind === 'retire' && world.scenario.kinds[by] === 'remove';
  return unsend(endAll(after, world, { stage: 'retiring', kinds: ['remove'], outcome: 'unknown' }), isRemoves);
}

interface Ending {
  stage: Progress['stage'];
  kinds: readonly Kind[];
  outcome: Outcome;
}

function endAll(state: State, world: World, { stage, kinds, outcome }: Ending): State {
  const isMeant = (operation: number) => kinds.includes(world.scenario.kinds[operation] ?? 'grace');
  return state.operations.reduce(
    (after, progress, operation) =>
      progress.stage === stage && isMeant(operation)
        ? ended(after, { state: after, world, operation }, outcome)
        : after,
    state,
  );
}

const isClients = ({ scenario }: World, operation: number) =>
  !['reconcile', 'grace'].includes(scenario.kinds[operation] ?? '');

/** Makes a step of an operation. An outcome ends the operation and is its client's answer; null lets it go on. */
export function step(turn: Turn, text: string, state: State, outcome: Outcome | null = null): Step {
  return {
    text,
    operation: turn.operation,
    begins: turn.state.operations[turn.operation]?.stage === 'ready',
    answer: outcome,
    state: outcome === null ? state : ended(state, turn, outcome),
  };
}
