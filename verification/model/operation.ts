import type { Outcome } from '../../test/support/history.ts';
import { begin, tell } from './judge.ts';
import { send, unsend } from './copies.ts';
import type { Kind } from './scenarios.ts';
import type { Progress, Request, State, Step, World } from './state.ts';

/** An operation whose next steps are looked for. */
export interface Turn {
  readonly operation: number;
  readonly state: State;
  readonly world: World;
}

export function withProgress(state: State, operation: number, progress: Progress): State {
  return { ...state, operations: state.operations.with(operation, progress) };
}

/**
 * The state in which an operation has begun. It begins with its first step and ends with its last one: any time in
 * between would only allow more orders.
 */
export function begun({ state, operation, world }: Turn, progress: Progress, ...requests: Request[]): State {
  const judgement = isClients(world, operation) ? begin(state.judgement, operation) : state.judgement;
  return withProgress(send({ ...state, judgement }, ...requests), operation, progress);
}

export function ended(state: State, { operation, world }: Turn, outcome: Outcome): State {
  const judgement = tell(state.judgement, world.scenario.kinds, operation, outcome);
  return withProgress({ ...state, judgement }, operation, { stage: 'over' });
}

/** Reads, and removes in their first round, are given up when their deadline has passed. The reconciler is patient. */
export function withoutLooks(state: State, world: World): State {
  if (world.change === 'reads expire') return state;
  return endAll(state, world, { stage: 'looking', kinds: ['read', 'remove'], outcome: 'refused' });
}

/** The reads and removes that have begun are over, and what they sent has expired. */
export function withoutBegun(state: State, world: World): State {
  const after = withoutLooks(state, world);
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

/** A step of an operation that goes on, or that ends it with what its client is told. */
export function step(turn: Turn, text: string, state: State, outcome: Outcome | null = null): Step {
  return {
    text,
    operation: turn.operation,
    begins: turn.state.operations[turn.operation]?.stage === 'ready',
    told: outcome,
    state: outcome === null ? state : ended(state, turn, outcome),
  };
}
