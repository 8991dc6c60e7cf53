import type { Outcome } from '../../test/support/history.ts';
import { bothSides, deliver, nameOf, send, sharedBy, unsend } from './copies.ts';
import { begun, step, withProgress, type Turn } from './operation.ts';
import { otherThan, sides, type Both, type Claims, type Heard, type Request, type State, type Step } from './state.ts';

/** An add inserts its claim into both copies at once, decides by what it heard, and withdraws where it failed. */
export function* stepsOfAdd(turn: Turn): Generator<Step> {
  const { operation, world } = turn;
  const claim = claimOf(turn);
  const insert = (to: (typeof sides)[number]): Request => ({ to, kind: 'insert', claims: claim, by: operation });
  const ready = turn.state.operations[operation]?.stage === 'ready';
  const fresh = { stage: 'inserting', heard: bothSides<Heard>(null), others: bothSides<Claims>(0) } as const;
  const state = ready ? begun(turn, fresh, ...sides.map(insert)) : turn.state;
  const progress = state.operations[operation];
  if (progress?.stage !== 'inserting') return;

  const name = nameOf(claim, world);
  for (const side of sides) {
    if (progress.heard[side] !== null) continue;
    const hear = (heard: Heard, then: State) => {
      const tells = world.change === 'a surplus claim stays' && heard === 'taken';
      const others = { ...progress.others, [side]: tells ? state.copies[side].held & ~claim : 0 };
      return { then, heard: { ...progress.heard, [side]: heard }, others };
    };
    const isThis = ({ by, to, kind }: Request) => by === operation && to === side && kind === 'insert';
    // nobody waits for an answer as long as grace
    const canArrive = state.sent.some(isThis) && !(state.old & claim);
    const taken = deliver(state, insert(side), world);
    const refusedOnly = world.change === 'a refused request is not repeated' ? state : unsend(state, isThis);

    if (state.copies[side].gone) {
      yield conclude(turn, `${side}: has no such entity`, hear('missing', unsend(state, isThis)));
    } else {
      if (canArrive) yield conclude(turn, `${side}: takes ${name}`, hear('taken', taken));
      yield conclude(turn, `${side}: refuses ${name}`, hear('refused', refusedOnly));
      if (world.change === 'a refused repeat is unknown')
        yield conclude(turn, `${side}: the connection breaks; refuses the repeat`, hear('refused', state));
      if (world.change === 'the first answer counts' && canArrive)
        yield conclude(turn, `${side}: takes ${name}, refuses it when it comes again`, hear('refused', taken));
    }
    yield conclude(turn, `${side}: no answer in time`, hear('unknown', state));
  }
  yield step(turn, 'the gateway dies', state, 'unknown');
}

interface AfterHearing {
  then: State;
  heard: Both<Heard>;
  others: Both<Claims>;
}

/** The step in which an add hears of an owner; having heard of both it decides, and its client is told. */
function conclude(turn: Turn, text: string, { then, heard, others }: AfterHearing): Step {
  const { operation, world } = turn;
  const answers = sides.map((side) => heard[side]);
  if (answers.includes(null))
    return step(turn, text, withProgress(then, operation, { stage: 'inserting', heard, others }));

  const isRefused = (side: (typeof sides)[number]) =>
    ['missing', 'refused'].includes(heard[side] ?? '') ||
    (heard[side] === 'unknown' && world.change === 'unknown is not undone');
  const withdrawal = (to: (typeof sides)[number]): Request => ({
    to,
    kind: 'retire',
    claims: claimOf(turn),
    by: operation,
  });
  const mayHold = sides.filter((side) => heard[side] === 'taken' || heard[side] === 'unknown');
  const surplus = sharedBy(others) !== 0;
  const withdrawn = mayHold.filter((side) => isRefused(otherThan(side)) || surplus);
  return step(turn, text, send(then, ...withdrawn.map(withdrawal)), decide());

  function decide(): Outcome {
    if (answers.includes('missing')) return 'missing';
    if (sides.some(isRefused)) return 'refused';
    return answers.includes('unknown') ? 'unknown' : 'done';
  }
}

/** The claim that the add made for itself. */
function claimOf({ operation, world }: Turn): Claims {
  return world.change === 'a row is a claim, not the pair' ? 1 : 1 << (world.scenario.claims[operation] ?? 0);
}
