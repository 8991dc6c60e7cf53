import { withClient } from '@attendance/common/database/client';
import { createTimes } from '@attendance/common/times';
import { createRandom } from 'many-to-many/testing';
import type { QueryCopy, ClaimRow } from './copies.ts';
import { countDrops, type Drops } from './drops.ts';
import { gateways, planFaults } from './plan.ts';
import { strikeAll, type Strike } from './strike.ts';
import { logOf, startChaosSystem, type ChaosSystem, type ChaosSystemOptions } from './system.ts';
import { runTrial, type TrialReport, type TrialWatch } from './trial.ts';

export interface ChaosOptions extends ChaosSystemOptions {
  /** How long faults strike. The final checks take longer. */
  seconds: number;
  /** Determines the faults, and the operations of the clients. */
  seed: number;
  /** The number of concurrent histories. */
  parallel: number;
  /** Whether to wait at the end until the copies are equal; true by default. */
  reconciled?: boolean;
  /** Stops the system and ends the run without a check. */
  signal?: AbortSignal;
  watch?: ChaosWatch;
  /** Runs while the clients run. */
  meanwhile?: (system: ChaosSystem) => Promise<void>;
}

export interface ChaosWatch extends TrialWatch {
  strike?: (strike: Strike) => void;
}

export interface ChaosReport extends TrialReport {
  strikes: Strike[];
  drops: Drops;
}

/** Starts a system of real processes, and runs a trial of it while faults of every kind strike. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, timeScale, logs, pooler = false, parallel, reconciled = true, signal, watch = {}, meanwhile } = options;
  const strikes: Strike[] = [];
  watch.phase?.('starting');
  const system = await startChaosSystem({ logs, timeScale, pooler });
  let trial: TrialReport;
  try {
    trial = await runTrial({
      gateways: system.gateways,
      seed,
      times: createTimes({ scale: timeScale }),
      parallel,
      meanwhile: (end) =>
        Promise.all([strikeAsPlanned(system, options, { strikes, signal: end }), meanwhile?.(system)]),
      databases: { queryCopy: createQuery(system), reconciled },
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

/** Injects all faults of the run, and records them. */
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

/** Creates a function that queries the databases without the proxies. */
function createQuery({ database }: ChaosSystem): QueryCopy {
  return (name, statement) =>
    withClient(database(name), async (client) => (await client.query<ClaimRow>(statement)).rows);
}
