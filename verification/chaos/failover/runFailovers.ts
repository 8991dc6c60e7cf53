import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { createRandom } from 'many-to-many/testing';
import { createClient } from '../../../test/support/client.ts';
import { runTrial, type TrialReport, type TrialWatch } from '../trial.ts';
import { failOver, usualBoundMs, type FailoverRecord } from './failOver.ts';
import { planRounds } from './plan.ts';
import { startFailoverSystem } from './system.ts';
import { watchOwners } from './watchOwners.ts';

export interface FailoverOptions {
  /** How long primaries are lost. The final checks take longer. */
  seconds: number;
  /** Determines the failovers, and the operations of the clients. */
  seed: number;
  /** The scale of all times of the system. */
  timeScale: number;
  /** How soon a service has to notice and to recover; 5 s by default. */
  boundMs?: number;
  /** Whether to wait at the end until the copies are equal; true by default. */
  reconciled?: boolean;
  /** The folder for the logs of the processes. */
  logs: string;
  /** The number of concurrent histories. */
  parallel: number;
  /** Stops the system and ends the run without a check. */
  signal?: AbortSignal;
  watch?: TrialWatch & { failover?: (record: FailoverRecord) => void };
}

export interface FailoverReport extends TrialReport {
  failovers: FailoverRecord[];
}

/** Starts a system of real processes, and runs a trial of it while its primaries are lost and replaced. */
export async function runFailovers(options: FailoverOptions): Promise<FailoverReport> {
  const {
    seconds,
    seed,
    timeScale,
    boundMs = usualBoundMs,
    reconciled = true,
    logs,
    parallel,
    signal,
    watch = {},
  } = options;
  const times = createTimes({ scale: timeScale });
  const failovers: FailoverRecord[] = [];
  watch.phase?.('starting');
  const system = await startFailoverSystem({ logs, timeScale, synchronous: true });
  const client = createClient({ gateway: system.gateways[0]!.url, timeout: times.requestMs });
  try {
    const watched = watchOwners(system, client);
    const meanwhile = async (end: AbortSignal) => {
      const endsAt = performance.now() + seconds * 1_000;
      for (const { failovers: planned, restMs } of planRounds(createRandom(seed))) {
        await sleep(restMs, undefined, { signal: end }).catch(() => undefined);
        if (end.aborted || performance.now() > endsAt) return;
        await Promise.all(
          planned.map(async (fault) => {
            const record = await failOver(system.clusters[fault.cluster], fault, {
              ...watched[fault.cluster],
              boundMs,
            });
            failovers.push(record);
            watch.failover?.(record);
          }),
        );
      }
    };
    const trial = await runTrial({
      gateways: system.gateways.map(({ url }) => url),
      ...{ seed, times, parallel, meanwhile, signal, watch },
      databases: { queryCopy: system.queryCopy, reconciled },
    });
    return { ...trial, failovers, violations: [...failovers.flatMap(violationsOf), ...trial.violations] };
  } finally {
    client.close();
    watch.phase?.('stopping');
    await system.stop();
  }
}

function violationsOf({ fault, start, violations }: FailoverRecord): string[] {
  return violations.map((text) => `${text}: ${JSON.stringify(fault)}, ${start} µs on the clock of the histories`);
}
