import type { Outcome } from '../../test/support/history.ts';
import { bothSides, commit, deliver, nameOf, send, sharedBy, unsend } from './copies.ts';
import { begun, step, withProgress, type Turn } from './operation.ts';
import { otherThan, sides, type Both, type Claims, type Reply, type Request, type State, type Step } from './state.ts';

/** Yields the steps of an add: it inserts its claim into both copies at once, decides, and withdraws if it failed. */
export function* stepsOfAdd(turn: Turn): Generator<Step> {
  const { operation, world } = turn;
  const claim = claimOf(turn);
  const insert = (to: (typeof sides)[number]): Request => ({ to, kind: 'insert', claims: claim, by: operation });
  const ready = turn.state.operations[operation]?.stage === 'ready';
  const fresh = { stage: 'inserting', replies: bothSides<Reply>(null), others: bothSides<Claims>(0) } as const;
  const state = ready ? begun(turn, fresh, ...sides.map(insert)) : turn.state;
  const progress = state.operations[operation];
  if (progress?.stage !== 'inserting') return;

  const name = nameOf(claim, world);
  for (const side of sides) {
    if (progress.replies[side] !== null) continue;
    const receive = (reply: Reply, then: State) => {
      const checksOthers = world.change === 'an add keeps its surplus claim' && reply === 'accepted';
      const others = { ...progress.others, [side]: checksOthers ? state.copies[side].held & ~claim : 0 };
      return { then, replies: { ...progress.replies, [side]: reply }, others };
    };
    const isThis = ({ by, to, kind }: Request) => by === operation && to === side && kind === 'insert';
    // an add stops waiting long before the grace period ends
    const canArrive = state.sent.some(isThis) && !(state.pastGrace & claim);
    const accepted = deliver(state, insert(side), world);
    const onlyRefused = world.change === 'a refused request is not repeated' ? state : unsend(state, isThis);

    if (state.copies[side].gone && world.change !== 'inserts obey the mark') {
      yield conclude(turn, `${side}: has no such entity`, receive('missing', unsend(state, isThis)));
      const begun = state.uncommitted.find(isThis);
      if (begun && canArrive)
        yield conclude(turn, `${side}: accepts ${name} at last`, receive('accepted', commit(state, begun, world)));
    } else {
      if (canArrive) yield conclude(turn, `${side}: accepts ${name}`, receive('accepted', accepted));
      yield conclude(turn, `${side}: refuses ${name}`, receive('refused', onlyRefused));
      if (world.change === 'a refused repeat is unknown')
        yield conclude(turn, `${side}: connection breaks; refuses the repeat`, receive('refused', state));
      if (world.change === 'the first answer counts' && canArrive)
        yield conclude(turn, `${side}: accepts ${name}, refuses its second delivery`, receive('refused', accepted));
    }
    yield conclude(turn, `${side}: no answer in time`, receive('unknown', state));
  }
  yield step(turn, 'the gateway crashes', state, 'unknown');
}

interface AfterReply {
  then: State;
  replies: Both<Reply>;
  others: Both<Claims>;
}

/** Makes the step in which an add gets a reply. With the second reply it decides, and its client gets the answer. */
function conclude(turn: Turn, text: string, { then, replies, others }: AfterReply): Step {
  const { operation, world } = turn;
  const both = sides.map((side) => replies[side]);
  if (both.includes(null))
    return step(turn, text, withProgress(then, operation, { stage: 'inserting', replies, others }));

  const isRefused = (side: (typeof sides)[number]) =>
    ['missing', 'refused'].includes(replies[side] ?? '') ||
    (replies[side] === 'unknown' && world.change === 'an unknown outcome is not undone');
  const withdrawal = (to: (typeof sides)[number]): Request => ({
    to,
    kind: 'retire',
    claims: claimOf(turn),
    by: operation,
  });
  const mayHold = sides.filter((side) => replies[side] === 'accepted' || replies[side] === 'unknown');
  const surplus = sharedBy(others) !== 0;
  const withdrawn = mayHold.filter((side) => isRefused(otherThan(side)) || surplus);
  return step(turn, text, send(then, ...withdrawn.map(withdrawal)), decide());

  function decide(): Outcome {
    if (both.includes('missing')) return 'missing';
    if (sides.some(isRefused)) return 'refused';
    return both.includes('unknown') ? 'unknown' : 'done';
  }
}

/** Returns the claim that the add made. */
function claimOf({ operation, world }: Turn): Claims {
  return world.change === 'a row is a claim, not the pair' ? 1 : 1 << (world.scenario.claims[operation] ?? 0);
}
