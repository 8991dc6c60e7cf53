import { createRandom } from '../histories/random.ts';
import { realCode } from './code.ts';
import { allFaults, Faults } from './faults.ts';
import { createJudge, type Told } from './judge.ts';
import type { Earlier, Plan } from './plan.ts';
import { Scheduler } from './scheduler.ts';
import { createWorld } from './world.ts';

type Side = 'author' | 'conference';

/** What a copy does with a claim: for which requests, and for which pair where it is not the first. */
interface Change {
  claim: string;
  by?: string[];
  arrived?: number;
  of?: { event: string; author: string };
}

/** Always the last of the ways there are: all entities are there, and nothing is skewed. */
const random = { ...createRandom(1), below: (bound: number) => bound - 1 };

/** A world with two events and two authors, and claims of the first pair that were there before; and its judge. */
export function arrange(earlier: Partial<Earlier> = {}) {
  const scheduler = new Scheduler(random);
  const faults = new Faults(random, new Set(allFaults));
  const half = { author: 0, conference: 0 };
  const plan = { events: 2, authors: 2, earlier: [{ event: 0, author: 0, shared: 0, half, age: 0, ...earlier }] };
  const world = createWorld(realCode, plan as unknown as Plan, { scheduler, random, faults });
  const judge = createJudge(world, scheduler);
  const pair = world.pairs[0]!;

  /** A copy takes a claim, which some adds share. */
  function take(side: Side, { claim, by = ['add'], arrived = 0, of = pair }: Change) {
    const [owned, foreign] = side === 'author' ? [of.author, of.event] : [of.event, of.author];
    world[side].copy.claims.set(claim, { claim_id: claim, owned, foreign, retired: false });
    judge.executed('insertClaims', [{ claim_id: claim, request_ids: by }], [{ outcome: 'taken' }], arrived);
  }
  function retire(side: Side, { claim, by = ['remove'], arrived = 0 }: Change) {
    world[side].copy.claims.get(claim)!.retired = true;
    judge.executed('retireClaims', [{ claim_ids: [claim], request_ids: by }], [{ outcome: 'retired' }], arrived);
  }
  function drop(side: Side, claim: string) {
    world[side].copy.claims.delete(claim);
    judge.executed('dropClaims', [{ claim_id: claim }], [{ outcome: 'dropped' }], 0);
  }
  /** The owner deletes the event of the first pair, and its claims with it. */
  function deleteEvent() {
    world.conference.copy.beginDelete(pair.event)!.commit();
    judge.deleted();
  }
  function told(kind: Told['kind'], outcome: Told['outcome'], of: { event?: string; author?: string } = pair) {
    judge.told(of, { process: 0, start: scheduler.tick(), kind, outcome });
  }
  const faultsOf = () => judge.verdict().faults;
  return { world, scheduler, judge, pair, take, retire, drop, deleteEvent, told, faultsOf };
}
