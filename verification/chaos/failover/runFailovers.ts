import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { createRandom, type Random } from 'many-to-many/testing';
import { createClient } from '../../../test/support/client.ts';
import { runTrial, type TrialReport, type TrialWatch } from '../trial.ts';
import { Cluster } from './cluster.ts';
import { failOver } from './failOver.ts';
import { PatroniCluster } from './patroni/cluster.ts';
import { failOverByPatroni } from './patroni/failOver.ts';
import { planPatroniRounds, type PatroniFailover } from './patroni/plan.ts';
import { planRounds, type ClusterName, type Failover } from './plan.ts';
import { usualBoundMs, type FailoverRecord, type Watching } from './record.ts';
import { startFailoverSystem, type DatabaseCluster } from './system.ts';
import { watchOwners } from './watchOwners.ts';

export interface FailoverOptions {
  /** How long primaries are lost. The final checks take longer. */
  seconds: number;
  /** Determines the failovers, and the operations of the clients. */
  seed: number;
  /** The scale of all times of the system. */
  timeScale: number;
  /** Whether Patroni promotes the standbys; false by default. */
  patroni?: boolean;
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

/** What replaces primaries. */
interface Promoter<C extends DatabaseCluster, Fault extends { cluster: ClusterName }> {
  createCluster: (options: { name: ClusterName; logs: string; signal?: AbortSignal | undefined }) => C;
  /** One round after the other: failovers at the same time, after some milliseconds without any. */
  planRounds: (random: Random) => Iterable<{ failovers: Fault[]; restMs: number }>;
  failOver: (cluster: C, fault: Fault, watching: Watching) => Promise<FailoverRecord>;
}

const ourselves: Promoter<Cluster, Failover> = {
  createCluster: ({ name, logs }) => new Cluster({ name, logs, synchronous: true }),
  planRounds,
  failOver,
};

const patroni: Promoter<PatroniCluster, PatroniFailover> = {
  createCluster: (options) => new PatroniCluster(options),
  planRounds: planPatroniRounds,
  failOver: failOverByPatroni,
};

/** Starts a system of real processes, and runs a trial of it while its primaries are lost and replaced. */
export function runFailovers(options: FailoverOptions): Promise<FailoverReport> {
  return options.patroni ? run(patroni, options) : run(ourselves, options);
}

async function run<C extends DatabaseCluster, Fault extends { cluster: ClusterName }>(
  { createCluster, planRounds, failOver }: Promoter<C, Fault>,
  options: FailoverOptions,
): Promise<FailoverReport> {
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
  const system = await startFailoverSystem({
    ...{ logs, timeScale },
    createCluster: (name) => createCluster({ name, logs, signal }),
  });
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
