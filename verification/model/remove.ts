import { bothSides, deliver, send, unsend } from './copies.ts';
import { looks } from './look.ts';
import { step, withProgress, type Turn } from './operation.ts';
import { visibleIn } from './read.ts';
import { sides, type Claims, type Heard, type Request, type Side, type State, type Step } from './state.ts';

/** A remove looks as a read does, then retires what it saw, in both copies at once; one confirmation will do. */
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
  const alone = world.change === 'a remove retires in one copy only';
  const requests = sides.map((to): Request => ({ to, kind: 'retire', claims, by: operation }));
  const heard = { ...bothSides<Heard>(null), ...(alone && { conference: 'refused' as const }) };
  const asked = requests.filter(({ to }) => heard[to] === null);
  return withProgress(send(state, ...asked), operation, { stage: 'retiring', heard, claims });
}

function* retirements(turn: Turn): Generator<Step> {
  const { operation, state, world } = turn;
  const progress = state.operations[operation];
  if (progress?.stage !== 'retiring') return;
  for (const side of sides) {
    if (progress.heard[side] !== null) continue;
    const isThis = (request: Request) => request.by === operation && request.to === side;
    const request = state.sent.find(isThis);
    if (request) yield step(turn, `${side}: retires what it saw`, deliver(state, request, world), 'done');
    yield failed(turn, side, 'refused', unsend(state, isThis));
    yield failed(turn, side, 'unknown', state);
  }
  yield step(turn, 'the gateway dies', state, 'unknown');
}

/** Having failed at both, it is unknown unless both certainly did nothing. */
function failed(turn: Turn, side: Side, how: 'refused' | 'unknown', state: State): Step {
  const progress = state.operations[turn.operation];
  const text = how === 'refused' ? `${side}: refuses to retire` : `${side}: no answer in time`;
  if (progress?.stage !== 'retiring') return step(turn, text, state);
  const heard = { ...progress.heard, [side]: how };
  const answers = sides.map((one) => heard[one]);
  if (answers.includes(null)) return step(turn, text, withProgress(state, turn.operation, { ...progress, heard }));
  return step(turn, text, state, answers.includes('unknown') ? 'unknown' : 'refused');
}
