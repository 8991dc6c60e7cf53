import { stepsOfAdd } from './add.ts';
import { initially } from './judge.ts';
import type { Turn } from './operation.ts';
import { stepsOfRead } from './read.ts';
import { stepsOfReconcile } from './reconcile.ts';
import { stepsOfRemove } from './remove.ts';
import type { Change } from './rules.ts';
import { before, type Kind, type Scenario } from './scenarios.ts';
import { heldAtFirst, sides, type Request, type State, type Step, type World } from './state.ts';
import { arrivals, mishaps, stepsOfDelete, stepsOfGrace } from './surroundings.ts';

export interface Explored {
  /** How many different states were found. */
  states: number;
  /** The steps of a shortest way to an answer that no order explains; null where there is none. */
  broken: Step[] | null;
}

/** A way to a state, with how often it turns from one operation to another. */
interface Trail {
  readonly step: Step;
  readonly previous: Trail | null;
  readonly turns: number;
}

interface Reached {
  readonly state: State;
  readonly trail: Trail | null;
}

/**
 * Explores every order of every step of a scenario, the shorter ways first, so that the broken history it finds is a
 * smallest one; of several that small, one that reads well.
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
        const turns = (trail?.turns ?? 0) + (trail?.step.operation === step.operation ? 0 : 1);
        if (turns >= (next.get(key)?.trail.turns ?? Infinity)) continue;
        next.set(key, { state: step.state, trail: { step, previous: trail, turns } });
      }
    level = [...next.values()];
    for (const key of next.keys()) known.add(key);
    const broken = [...next.values()].filter(({ state }) => state.judgement.explanations.length === 0);
    const [best] = broken.sort((a, b) => a.trail.turns - b.trail.turns);
    if (best) return { states: known.size, broken: unwind(best.trail) };
  }
  return { states: known.size, broken: null };
}

export function stateAtFirst(scenario: Scenario): State {
  const copy = { held: heldAtFirst(scenario), marked: 0, gone: false };
  return {
    copies: { author: copy, conference: copy },
    sent: [],
    open: [],
    operations: scenario.kinds.map(() => ({ stage: 'ready' })),
    old: 0,
    judgement: initially(scenario.initially),
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

/** All that may happen next. */
export function* stepsFrom(state: State, world: World): Generator<Step> {
  for (const [operation, kind] of world.scenario.kinds.entries()) {
    if (state.operations[operation]?.stage === 'over') continue;
    const first = before(world.scenario, operation);
    if (first === null || state.operations[first]?.stage === 'over') yield* stepsOf[kind]({ operation, state, world });
  }
  yield* arrivals(state, world);
  yield* mishaps(state, world);
}

/** Equal for equal states, whatever way led to them. */
function keyOf({ copies, sent, open, operations, old, judgement }: State): string {
  return [
    ...sides.map((side) => `${copies[side].held}.${copies[side].marked}${copies[side].gone ? 'x' : ''}`),
    [...new Set(sent.map(keyOfRequest))].sort().join(),
    open.map(keyOfRequest).join(),
    operations.map(keyOfProgress).join(),
    old,
    `${judgement.open}.${judgement.lost}.${judgement.explanations.join('.')}`,
  ].join(' ');
}

function keyOfRequest({ to, kind, claims, by }: Request): string {
  return `${to.slice(0, 1)}${kind.slice(0, 3)}${claims}.${by}`;
}

function keyOfProgress(progress: State['operations'][number]): string {
  if (progress.stage === 'ready') return '';
  if (progress.stage === 'over') return 'o';
  if (progress.stage === 'looking')
    return `l${String(progress.seen.author)}.${String(progress.seen.conference)}.${progress.sample.settled}${progress.sample.patient ? 'p' : ''}`;
  const heard = sides.map((side) => progress.heard[side]?.[0] ?? '').join('.');
  if (progress.stage === 'retiring') return `r${heard}.${progress.claims}`;
  return `i${heard}.${progress.others.author}.${progress.others.conference}`;
}

function unwind(last: Trail): Step[] {
  const steps: Step[] = [];
  for (let trail: Trail | null = last; trail; trail = trail.previous) steps.unshift(trail.step);
  return steps;
}
