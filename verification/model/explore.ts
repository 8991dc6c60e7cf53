import { stepsOfAdd } from './add.ts';
import { initially } from './checker.ts';
import type { Turn } from './operation.ts';
import { stepsOfRead } from './read.ts';
import { stepsOfReconcile } from './reconcile.ts';
import { stepsOfRemove } from './remove.ts';
import type { Change } from './rules.ts';
import { before, type Kind, type Scenario } from './scenarios.ts';
import { heldAtFirst, sides, type Request, type State, type Step, type World } from './state.ts';
import { arrivals, mishaps, stepsOfDelete, stepsOfGrace } from './surroundings.ts';

interface Explored {
  /** The number of different states. */
  states: number;
  /** A shortest path to an answer that is not linearizable; null if there is none. */
  broken: Step[] | null;
}

/** A path to a state, and the number of its switches between operations. */
interface Trail {
  readonly step: Step;
  readonly previous: Trail | null;
  readonly switches: number;
}

interface Reached {
  readonly state: State;
  readonly trail: Trail | null;
}

/**
 * Explores every order of every step of a scenario, shortest paths first, so that it finds a smallest broken history.
 * Among the smallest ones, it chooses one with the fewest switches between operations, which is easiest to read.
 */
export function explore(scenario: Scenario, change: Change | null = null): Explored {
  const world: World = { scenario, change };
  const start = stateAtFirst(scenario);
  const known = new Set([keyOf(start)]);
  let level: Reached[] = [{ state: start, trail: null }];
  while (level.length > 0) {
    const next = new Map<string, Reached & { trail: Trail }>();
    for (const { state, trail } of level)
      for (const step of stepsFrom(state, world)) {
        const key = keyOf(step.state);
        if (known.has(key)) continue;
        const switches = (trail?.switches ?? 0) + (trail?.step.operation === step.operation ? 0 : 1);
        if (switches >= (next.get(key)?.trail.switches ?? Infinity)) continue;
        next.set(key, { state: step.state, trail: { step, previous: trail, switches } });
      }
    level = [...next.values()];
    for (const key of next.keys()) known.add(key);
    const broken = [...next.values()].filter(({ state }) => state.checker.explanations.length === 0);
    const [best] = broken.sort((a, b) => a.trail.switches - b.trail.switches);
    if (best) return { states: known.size, broken: unwind(best.trail) };
  }
  return { states: known.size, broken: null };
}

export function stateAtFirst(scenario: Scenario): State {
  const copy = { held: heldAtFirst(scenario), tombstones: 0, gone: false };
  return {
    copies: { left: copy, right: copy },
    sent: [],
    uncommitted: [],
    operations: scenario.kinds.map(() => ({ stage: 'ready' })),
    pastGrace: 0,
    checker: initially(scenario.initially),
  };
}

const stepsOf: Record<Kind, (turn: Turn) => Generator<Step>> = {
  add: stepsOfAdd,
  remove: stepsOfRemove,
  read: stepsOfRead,
  delete: stepsOfDelete,
  reconcile: stepsOfReconcile,
  grace: stepsOfGrace,
};

/** Yields all steps that are possible next. */
export function* stepsFrom(state: State, world: World): Generator<Step> {
  for (const [operation, kind] of world.scenario.kinds.entries()) {
    if (state.operations[operation]?.stage === 'over') continue;
    const first = before(world.scenario, operation);
    if (first === null || state.operations[first]?.stage === 'over') yield* stepsOf[kind]({ operation, state, world });
  }
  yield* arrivals(state, world);
  yield* mishaps(state, world);
}

/** Returns the same key for equal states. */
function keyOf({ copies, sent, uncommitted, operations, pastGrace, checker }: State): string {
  return [
    ...sides.map((side) => `${copies[side].held}.${copies[side].tombstones}${copies[side].gone ? 'x' : ''}`),
    [...new Set(sent.map(keyOfRequest))].sort().join(),
    uncommitted.map(keyOfRequest).join(),
    operations.map(keyOfProgress).join(),
    pastGrace,
    `${checker.pending}.${checker.unanswered}.${checker.explanations.join('.')}`,
  ].join(' ');
}

function keyOfRequest({ to, kind, claims, by }: Request): string {
  return `${to.slice(0, 1)}${kind.slice(0, 3)}${claims}.${by}`;
}

function keyOfProgress(progress: State['operations'][number]): string {
  if (progress.stage === 'ready') return '';
  if (progress.stage === 'over') return 'o';
  if (progress.stage === 'looking')
    return `l${String(progress.seen.left)}.${String(progress.seen.right)}.${progress.sample.stable}${progress.sample.waited ? 'w' : ''}`;
  if (progress.stage === 'deleting') return 'd';
  const replies = sides.map((side) => progress.replies[side]?.slice(0, 3) ?? '').join('.');
  if (progress.stage === 'retiring') return `r${replies}.${progress.claims}`;
  return `i${replies}.${progress.others.left}.${progress.others.right}`;
}

function unwind(last: Trail): Step[] {
  const steps: Step[] = [];
  for (let trail: Trail | null = last; trail; trail = trail.previous) steps.unshift(trail.step);
  return steps;
}
