import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Times } from '@attendance/common/times';
import { finalAfterMs } from 'many-to-many';
import { runHistories, type History } from '../histories/histories.ts';
import { countOutcomes } from '../histories/report.ts';
import { planClients } from './clients.ts';
import type { QueryCopy } from './copies.ts';
import { runFinalChecks, type FinalChecks } from './finalChecks.ts';
import { maxReconcileMs } from './reconciling.ts';

interface TrialOptions {
  /** Base URLs. */
  gateways: string[];
  /** Determines the operations of the clients. */
  seed: number;
  /** The times of the system. */
  times: Times;
  /** The number of concurrent histories. */
  parallel: number;
  /** Runs beside the clients, which stop when it ends. The signal ends it early. */
  meanwhile: (signal: AbortSignal) => Promise<unknown>;
  /** The access to both databases, and whether to wait until the copies are equal; null without access. */
  databases: { queryCopy: QueryCopy; reconciled: boolean } | null;
  /** The number of histories for the last reads; 500 by default. */
  sample?: number;
  /** Aborts the trial without a check. */
  signal?: AbortSignal | undefined;
  watch?: TrialWatch;
}

/** Callbacks during a trial. */
export interface TrialWatch {
  phase?: (phase: string) => void;
  history?: (history: History) => void;
}

export interface TrialReport extends FinalChecks {
  histories: History[];
  /** The time of the last answer, in microseconds on the clock of the histories. */
  clientsEnded: number;
  /** The number of observations by kind and outcome, such as `add done`, without the last reads. */
  outcomes: Record<string, number>;
  /** The most time until the copies are equal; null if the trial did not wait for that. */
  maxReconcileMs: number | null;
}

/** Creating an entity may take long on a busy machine, or while a pod starts. */
const createTimeoutMs = 180_000;

/**
 * Runs clients on a system while `meanwhile` breaks it. Then waits until all operations are final, and runs the final
 * checks.
 */
export async function runTrial(options: TrialOptions): Promise<TrialReport> {
  const { gateways, times, databases, sample, signal, watch = {} } = options;
  watch.phase?.('at work');
  const histories = await runClients(options);
  const since = performance.now();
  // without the last reads
  const outcomes = countOutcomes(histories.flatMap(({ operations }) => operations));
  signal?.throwIfAborted();

  watch.phase?.('waiting until all operations are final');
  await sleep(finalAfterMs(times), undefined, { signal });
  watch.phase?.(databases?.reconciled ? 'waiting for the reconcilers, then reading all pairs' : 'reading all pairs');
  const reconcileDeadline = databases?.reconciled ? { since, withinMs: maxReconcileMs(times) } : null;
  const checks = await runFinalChecks(histories, {
    gateways,
    timeout: 2 * times.requestMs,
    databases: databases && { queryCopy: databases.queryCopy, reconcileDeadline },
    sample,
  });
  return {
    ...{ histories, outcomes, clientsEnded: since * 1_000, maxReconcileMs: reconcileDeadline?.withinMs ?? null },
    ...checks,
  };
}

/** Runs clients until `meanwhile` has ended. */
async function runClients({ gateways, seed, times, parallel, meanwhile, signal, watch }: TrialOptions) {
  const ended = new AbortController();
  const failed = new AbortController();
  const clients = runHistories({
    gateways,
    histories: Infinity,
    seed,
    parallel,
    timeout: 2 * times.requestMs,
    createTimeoutMs,
    plan: planClients(times),
    signal: ended.signal,
    ...(watch?.history && { onHistory: watch.history }),
  });
  const breaking = meanwhile(AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]));
  const done = Promise.all([clients, breaking.finally(() => ended.abort())]);
  try {
    const [histories] = await Promise.race([done, ...(signal ? [interruption(signal)] : [])]);
    return histories;
  } catch (error) {
    failed.abort();
    // `meanwhile` must not restart a process that the caller stops
    await breaking.catch(() => undefined);
    done.catch(() => undefined);
    throw error;
  }
}

async function interruption(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
