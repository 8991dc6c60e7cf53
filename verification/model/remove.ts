import { bothSides, deliver, nameOf, retiresPair, send, unsend } from './copies.ts';
import { looks } from './look.ts';
import { step, withProgress, type Turn } from './operation.ts';
import { visibleIn } from './read.ts';
import { sides, type Claims, type Reply, type Request, type Side, type State, type Step } from './state.ts';

/** Yields the steps of a remove: it looks as a read does, then retires the visible claims in both copies in parallel. */
export function* stepsOfRemove(turn: Turn): Generator<Step> {
  for (const { text, seen, missing, state } of looks(turn)) {
    const visible = visibleIn(seen);
    if (missing) yield step(turn, text, state, 'missing');
    else if (visible === 0) yield step(turn, text, state, 'absent');
    else yield step(turn, text, visible === null ? state : retiring(state, turn, visible));
  }
  yield* retirements(turn);
}

function retiring(state: State, { operation, world }: Turn, claims: Claims): State {
  const asksOne = world.change === 'a remove retires in one copy only';
  const requests = sides.map((to): Request => ({ to, kind: 'retire', claims, by: operation }));
  const replies = { ...bothSides<Reply>(null), ...(asksOne && { right: 'refused' as const }) };
  const asked = requests.filter(({ to }) => replies[to] === null);
  return withProgress(send(state, ...asked), operation, { stage: 'retiring', replies, claims });
}

/** Yields the steps of the second round. One confirmation ends it. */
function* retirements(turn: Turn): Generator<Step> {
  const { operation, state, world } = turn;
  const progress = state.operations[operation];
  if (progress?.stage !== 'retiring') return;
  const retired = retiresPair(operation, world) ? 'the pair' : nameOf(progress.claims, world);
  for (const side of sides) {
    if (progress.replies[side] !== null) continue;
    const isThis = (request: Request) => request.by === operation && request.to === side;
    const request = state.sent.find(isThis);
    if (request) yield step(turn, `${side}: retires ${retired}`, deliver(state, request, world), 'done');
    yield failed(turn, side, 'refused', unsend(state, isThis));
    yield failed(turn, side, 'unknown', state);
  }
  yield step(turn, 'the gateway crashes', state, 'unknown');
}

/** Makes the step in which one copy fails. After both have failed, the outcome is unknown unless both refused. */
function failed(turn: Turn, side: Side, how: 'refused' | 'unknown', state: State): Step {
  const progress = state.operations[turn.operation];
  const text = how === 'refused' ? `${side}: refuses to retire` : `${side}: no answer in time`;
  if (progress?.stage !== 'retiring') return step(turn, text, state);
  const replies = { ...progress.replies, [side]: how };
  const both = sides.map((one) => replies[one]);
  if (both.includes(null)) return step(turn, text, withProgress(state, turn.operation, { ...progress, replies }));
  return step(turn, text, state, both.includes('unknown') ? 'unknown' : 'refused');
}
