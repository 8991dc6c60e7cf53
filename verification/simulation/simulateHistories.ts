import { seedOf } from 'many-to-many/testing';
import { explainAttendance, simulateAttendance } from './attendance.ts';

type Counts = Record<string, number>;

/**
 * Simulates and checks histories.
 * @returns counts of the outcomes that clients observed, of the faults, and of the outcomes at the copies
 * @throws if a history breaks a promise, with the smallest such history
 */
export async function simulateHistories(
  seed: number,
  histories: number,
): Promise<{ observed: Counts; struck: Counts; executed: Counts }> {
  const observed: Counts = {};
  const struck: Counts = {};
  const executed: Counts = {};
  const count = (counts: Counts, name: string) => (counts[name] = (counts[name] ?? 0) + 1);
  for (let i = 0; i < histories; i++) {
    const options = { seed: seedOf(seed, i) };
    const simulated = await simulateAttendance(options);
    if (simulated.faults.length > 0)
      throw new Error(await explainAttendance(options, `npm run simulate -- --histories 1 --seed ${options.seed}`));
    for (const { kind, outcome, list } of simulated.histories.flat())
      count(observed, `${list ? `list by ${list}` : kind} ${outcome}`);
    for (const fault of simulated.struck) count(struck, fault);
    for (const outcome of simulated.executed) count(executed, outcome);
  }
  return { observed, struck, executed };
}
