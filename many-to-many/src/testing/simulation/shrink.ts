import type { ComposedRelation } from '../../createRelation.ts';
import { allFaults, type Fault } from './faults.ts';
import type { Plan, Step } from './plan.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/** Schedules that are tried with each smaller plan. */
const attempts = 100;

/** Events after which it ends: not a time, so that the same history becomes the same everywhere. */
const mostSteps = 1_000_000;

interface Smaller {
  seed: number;
  plan: Plan;
  without: ReadonlySet<Fault>;
}

/**
 * Makes a failing history smaller: leaves out a kind of fault, a step of a client, earlier claims, or a pause, as long
 * as some schedule of the rest still fails in the same way.
 */
export async function shrink<Left, Right, Composed extends ComposedRelation<Left, Right>>(
  options: SimulationOptions<Left, Right, Composed>,
) {
  const { plan, faults } = await simulate(options);
  const kinds = new Set(faults.map(kindOf));
  let failing: Smaller = { seed: options.seed, plan, without: options.without ?? new Set() };
  let left = mostSteps;
  for (let smaller: Smaller | undefined = failing; smaller && left > 0;) {
    failing = smaller;
    smaller = undefined;
    for (const candidate of candidates(failing)) {
      smaller = await firstFailing(candidate);
      if (smaller || left <= 0) break;
    }
    if (smaller) failing = smaller;
  }
  return { ...options, ...failing };

  async function firstFailing(candidate: Smaller): Promise<Smaller | undefined> {
    for (let i = 0; i < attempts && left > 0; i++) {
      const attempt = { ...candidate, seed: (candidate.seed + i) >>> 0 };
      const { faults, steps } = await simulate({ ...options, ...attempt });
      // a history costs something even if nothing happens in it
      left -= steps + 10;
      if (faults.some((fault) => kinds.has(kindOf(fault)))) return attempt;
    }
    return undefined;
  }
}

/** Gives the text of a fault without the names and numbers of one history. */
function kindOf(fault: string): string {
  const disorder = 'no order explains';
  if (fault.includes(disorder)) return disorder;
  return (fault.split('\n')[0] ?? '').replaceAll(/\S*\d\S*/g, '…');
}

function* candidates(failing: Smaller): Generator<Smaller> {
  const { plan, without } = failing;
  const withPlan = (change: Partial<Plan>) => ({ ...failing, plan: { ...plan, ...change } });
  for (const fault of allFaults) if (!without.has(fault)) yield { ...failing, without: new Set(without).add(fault) };
  if (plan.reconcilersRun) yield withPlan({ reconcilersRun: false });
  for (const [i, steps] of plan.clients.entries())
    for (const j of steps.keys()) yield withPlan({ clients: plan.clients.with(i, steps.toSpliced(j, 1)) });
  for (const i of plan.earlier.keys()) yield withPlan({ earlier: plan.earlier.toSpliced(i, 1) });
  if (plan.gateways > 1)
    yield withPlan({
      gateways: 1,
      clients: plan.clients.map((steps) => steps.map((step): Step => ({ ...step, gateway: 0 }))),
    });
  for (const [i, steps] of plan.clients.entries())
    for (const [j, step] of steps.entries())
      if (step.pause > 0) yield withPlan({ clients: plan.clients.with(i, steps.with(j, { ...step, pause: 0 })) });
}
