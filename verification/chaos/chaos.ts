import { withClient } from '@attendance/common/database/client';
import { createTimes } from '@attendance/common/times';
import { createRandom } from 'many-to-many/testing';
import type { AskCopy, ClaimRow } from './copies.ts';
import { countDrops, type Drops } from './drops.ts';
import { gateways, planFaults } from './plan.ts';
import { strikeAll, type Strike } from './strike.ts';
import { logOf, startChaosSystem, type ChaosSystem } from './system.ts';
import { runTrial, type TrialReport, type TrialWatch } from './trial.ts';

export interface ChaosOptions {
  /** For which faults strike; some more passes until it is quiet. */
  seconds: number;
  /** Decides which faults strike what and when, and what the clients do. */
  seed: number;
  /** Of all the times of the system. */
  timeScale: number;
  /** The folder for what the processes say. */
  logs: string;
  /** Histories under way at a time. */
  parallel: number;
  /** Wait in the end until the copies are the same; true unless given. */
  reconciled?: boolean;
  /** Ends it early: everything is stopped, and nothing is judged. */
  signal?: AbortSignal;
  watch?: ChaosWatch;
  /** Done to the system while the clients are at work. */
  meanwhile?: (system: ChaosSystem) => Promise<void>;
}

export interface ChaosWatch extends TrialWatch {
  strike?: (strike: Strike) => void;
}

export interface ChaosReport extends TrialReport {
  strikes: Strike[];
  drops: Drops;
}

/**
 * A trial of a system of its own, real processes, while faults of every kind strike them; then everything is healed.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, timeScale, logs, parallel, reconciled = true, signal, watch = {}, meanwhile } = options;
  const strikes: Strike[] = [];
  watch.phase?.('starting');
  const system = await startChaosSystem({ logs, timeScale });
  let trial: TrialReport;
  try {
    trial = await runTrial({
      gateways: system.gateways,
      seed,
      times: createTimes({ scale: timeScale }),
      parallel,
      meanwhile: (end) =>
        Promise.all([strikeAsPlanned(system, options, { strikes, signal: end }), meanwhile?.(system)]),
      databases: { ask: asking(system), reconciled },
      signal,
      watch,
    });
  } finally {
    watch.phase?.('stopping');
    await system.stop();
  }
  const drops = await countDrops(
    gateways.map((name) => logOf(logs, name)),
    trial,
  );
  return { ...trial, strikes, drops };
}

/** Lets all faults of the run happen, and notes them. */
async function strikeAsPlanned(
  system: ChaosSystem,
  { seconds, seed, timeScale, watch }: ChaosOptions,
  { strikes, signal }: { strikes: Strike[]; signal: AbortSignal },
): Promise<void> {
  const during = seconds * 1_000;
  await strikeAll(system, {
    faults: planFaults(createRandom(seed), { during, times: createTimes({ scale: timeScale }) }),
    during,
    random: createRandom(seed + 1),
    signal,
    onStrike: (strike) => {
      strikes.push(strike);
      watch?.strike?.(strike);
    },
  });
}

/** Around all proxies. */
function asking({ database }: ChaosSystem): AskCopy {
  return (name, statement) =>
    withClient(database(name), async (client) => (await client.query<ClaimRow>(statement)).rows);
}
