import { allFaults, type Fault } from './faults.ts';
import type { Plan } from './plan.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/** Schedules that are tried with each smaller plan. */
const attempts = 100;

/** Events after which it leaves off: not a time, so that the same history becomes the same everywhere. */
const mostSteps = 1_000_000;

type Failing = SimulationOptions & { plan: Plan; without: ReadonlySet<Fault> };

/**
 * Makes a failing history smaller: leaves out a kind of fault, a step of a client or what was there before, as long
 * as some schedule of what is left still fails.
 */
export async function shrink(options: SimulationOptions): Promise<Failing> {
  const { plan } = await simulate(options);
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
      if (faults.length > 0) return attempt;
    }
    return undefined;
  }
}

function* candidates(failing: Failing): Generator<Failing> {
  const { plan, without } = failing;
  for (const fault of allFaults) if (!without.has(fault)) yield { ...failing, without: new Set(without).add(fault) };
  if (plan.reconcilersRun) yield { ...failing, plan: { ...plan, reconcilersRun: false } };
  for (const [i, steps] of plan.clients.entries())
    for (const j of steps.keys())
      yield { ...failing, plan: { ...plan, clients: plan.clients.with(i, steps.toSpliced(j, 1)) } };
  for (const i of plan.earlier.keys()) yield { ...failing, plan: { ...plan, earlier: plan.earlier.toSpliced(i, 1) } };
}
