import { explain } from './explain.ts';
import { seedOf } from './seeds.ts';
import { simulate } from './simulate.ts';

type Counts = Record<string, number>;

/**
 * Simulates so many histories, and judges each.
 * @returns how often clients were told what, faults struck, and owners' operations had which outcome
 * @throws with the smallest history that breaks a promise, if one does
 */
export async function search(
  seed: number,
  histories: number,
): Promise<{ told: Counts; struck: Counts; executed: Counts }> {
  const told: Counts = {};
  const struck: Counts = {};
  const executed: Counts = {};
  const count = (counts: Counts, name: string) => (counts[name] = (counts[name] ?? 0) + 1);
  for (let i = 0; i < histories; i++) {
    const options = { seed: seedOf(seed, i) };
    const simulated = await simulate(options);
    if (simulated.faults.length > 0)
      throw new Error(await explain(options, `npm run simulate -- --histories 1 --seed ${options.seed}`));
    for (const { kind, outcome, list } of simulated.histories.flat())
      count(told, `${list ? `list by ${list}` : kind} ${outcome}`);
    for (const fault of simulated.struck) count(struck, fault);
    for (const outcome of simulated.executed) count(executed, outcome);
  }
  return { told, struck, executed };
}
