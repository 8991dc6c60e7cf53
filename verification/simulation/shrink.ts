import { allFaults, type Fault } from './faults.ts';
import type { Plan, Step } from './plan.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/** Schedules that are tried with each smaller plan. */
const attempts = 100;

/** Events after which it leaves off: not a time, so that the same history becomes the same everywhere. */
const mostSteps = 1_000_000;

type Failing = SimulationOptions & { plan: Plan; without: ReadonlySet<Fault> };

/**
 * Makes a failing history smaller: leaves out a kind of fault, a step of a client, what was there before, or a pause, as
 * long as some schedule of what is left still fails in the same way.
 */
export async function shrink(options: SimulationOptions): Promise<Failing> {
  const { plan, faults } = await simulate(options);
  const kinds = new Set(faults.map(kindOf));
  let failing: Failing = { ...options, plan, without: options.without ?? new Set() };
  let left = mostSteps;
  for (let smaller: Failing | undefined = failing; smaller && left > 0;) {
    failing = smaller;
    smaller = undefined;
    for (const candidate of candidates(failing)) {
      smaller = await firstFailing(candidate);
      if (smaller || left <= 0) break;
    }
    if (smaller) failing = smaller;
  }
  return failing;

  async function firstFailing(candidate: Failing): Promise<Failing | undefined> {
    for (let i = 0; i < attempts && left > 0; i++) {
      const attempt = { ...candidate, seed: (candidate.seed + i) >>> 0 };
      const { faults, steps } = await simulate(attempt);
      // a history costs something even where nothing happens in it
      left -= steps + 10;
      if (faults.some((fault) => kinds.has(kindOf(fault)))) return attempt;
    }
    return undefined;
  }
}

/** What is wrong, without the names and numbers of one history. */
function kindOf(fault: string): string {
  const disorder = 'no order explains';
  if (fault.includes(disorder)) return disorder;
  return (fault.split('\n')[0] ?? '').replaceAll(/\S*\d\S*/g, '…');
}

function* candidates(failing: Failing): Generator<Failing> {
  const { plan, without } = failing;
  const clients = (change: (step: Step) => Step) => plan.clients.map((steps) => steps.map(change));
  for (const fault of allFaults) if (!without.has(fault)) yield { ...failing, without: new Set(without).add(fault) };
  if (plan.reconcilersRun) yield { ...failing, plan: { ...plan, reconcilersRun: false } };
  for (const [i, steps] of plan.clients.entries())
    for (const j of steps.keys())
      yield { ...failing, plan: { ...plan, clients: plan.clients.with(i, steps.toSpliced(j, 1)) } };
  for (const i of plan.earlier.keys()) yield { ...failing, plan: { ...plan, earlier: plan.earlier.toSpliced(i, 1) } };
  if (plan.gateways > 1)
    yield { ...failing, plan: { ...plan, gateways: 1, clients: clients((step) => ({ ...step, gateway: 0 })) } };
  for (const [i, steps] of plan.clients.entries())
    for (const [j, step] of steps.entries())
      if (step.pause > 0)
        yield {
          ...failing,
          plan: { ...plan, clients: plan.clients.with(i, steps.with(j, { ...step, pause: 0 })) },
        };
}
