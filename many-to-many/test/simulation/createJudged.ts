import { z } from 'zod';
import { defineRelation, type Pair, type SideName } from '../../src/index.ts';
import { createRandom } from '../../src/testing/random.ts';
import { allFaults, Faults } from '../../src/testing/simulation/faults.ts';
import { createJudge, type Observed } from '../../src/testing/simulation/judge.ts';
import type { Earlier } from '../../src/testing/simulation/plan.ts';
import { Scheduler } from '../../src/testing/simulation/scheduler.ts';
import { systemOf } from '../../src/testing/simulation/system.ts';
import { createWorld } from '../../src/testing/simulation/world.ts';

/** A change of a claim at a copy, for some requests, of the first pair by default. */
interface Change {
  claim: string;
  by?: string[];
  arrived?: number;
  of?: Pair;
}

const entity = z.object({ id: z.string() });
const enrolment = defineRelation({
  name: 'enrolment',
  left: { name: 'course', entity },
  right: { name: 'student', entity },
});

/** Always chooses the last option: all entities exist, and no clock is skewed. */
const random = { ...createRandom(1), below: (bound: number) => bound - 1 };

/** Creates a world with two entities on each side and first claims of the first pair, and its judge. */
export function createJudged(earlier: Partial<Earlier> = {}) {
  const scheduler = new Scheduler(random);
  const faults = new Faults(random, new Set(allFaults));
  const half = { left: 0, right: 0 };
  const plan = { left: 2, right: 2, earlier: [{ left: 0, right: 0, shared: 0, half, age: 0, ...earlier }] };
  const world = createWorld(systemOf(enrolment), plan, { scheduler, random, faults });
  const judge = createJudge(world, scheduler);
  const pair = world.pairs[0]!;

  /** Lets a copy accept a claim of some adds. */
  function accept(side: SideName, { claim, by = ['add'], arrived = 0, of: { left, right } = pair }: Change) {
    world[side].copy.claims.set(claim, { claim_id: claim, left, right, retired: false });
    judge.executed('insertClaims', [{ claim_id: claim, request_ids: by }], [{ outcome: 'accepted' }], arrived);
  }
  function retire(side: SideName, { claim, by = ['remove'], arrived = 0 }: Change) {
    world[side].copy.claims.get(claim)!.retired = true;
    judge.executed('retireClaims', [{ claim_ids: [claim], request_ids: by }], [{ outcome: 'retired' }], arrived);
  }
  function drop(side: SideName, claim: string) {
    world[side].copy.claims.delete(claim);
    judge.executed('dropClaims', [{ claim_id: claim }], [{ outcome: 'dropped' }], 0);
  }
  /** Deletes the left entity of the first pair and its claims. */
  function deleteLeft() {
    world.left.copy.beginDelete(pair.left)!.commit();
    judge.deleted();
  }
  function observe(kind: Observed['kind'], outcome: Observed['outcome'], of: Partial<Pair> = pair) {
    judge.observed(of, { process: 0, start: scheduler.tick(), kind, outcome });
  }
  const faultsOf = () => judge.verdict().faults;
  return { world, scheduler, judge, pair, accept, retire, drop, deleteLeft, observe, faultsOf };
}
