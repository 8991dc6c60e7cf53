import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Times } from '@attendance/common/times';
import { finalAfterMs } from 'many-to-many';
import { runHistories, type History } from '../histories/histories.ts';
import { countOutcomes } from '../histories/report.ts';
import { planClients } from './clients.ts';
import type { AskCopy } from './copies.ts';
import { judgeInTheEnd, type Ending } from './ending.ts';
import { reconcilingTakes } from './reconciling.ts';

export interface TrialOptions {
  /** Base URLs. */
  gateways: string[];
  /** Decides what the clients do. */
  seed: number;
  /** Of the system. */
  times: Times;
  /** Histories under way at a time. */
  parallel: number;
  /** What befalls the system while the clients are at work; they end with it, and it ends early by the signal. */
  meanwhile: (signal: AbortSignal) => Promise<unknown>;
  /** How to look into both databases, and whether to wait until they are the same; null where nobody can look. */
  databases: { ask: AskCopy; reconciled: boolean } | null;
  /** How many histories to read once more from all directions; 500 unless given. */
  sample?: number;
  /** Ends it early: nothing is judged. */
  signal?: AbortSignal | undefined;
  watch?: TrialWatch;
}

/** Told of what happens while it happens. */
export interface TrialWatch {
  phase?: (phase: string) => void;
  history?: (history: History) => void;
}

export interface TrialReport extends Ending {
  histories: History[];
  /** Microseconds, on the clock of the histories: when the last client had its answer. */
  clientsEnded: number;
  /** How often each kind had each outcome, such as `add done`, by pairs; without the last reads. */
  outcomes: Record<string, number>;
  /** Milliseconds in which the copies had to become the same; null where nobody waited for that. */
  reconcilingMayTake: number | null;
}

/** Milliseconds for which the making of an entity is tried: a pod takes a while, as does a machine that is busy. */
const patience = 180_000;

/**
 * Clients at work on a system while something befalls it; then, when everything runs again and all is quiet, every
 * answer is judged, with those of a last look.
 */
export async function runTrial(options: TrialOptions): Promise<TrialReport> {
  const { gateways, times, databases, sample, signal, watch = {} } = options;
  watch.phase?.('at work');
  const histories = await work(options);
  const since = performance.now();
  // before the last reads: they are no part of what was told under faults
  const outcomes = countOutcomes(histories.flatMap(({ operations }) => operations));
  signal?.throwIfAborted();

  watch.phase?.('waiting until it is quiet');
  await sleep(finalAfterMs(times), undefined, { signal });
  watch.phase?.(
    databases?.reconciled ? 'reconciling, and reading everything once more' : 'reading everything once more',
  );
  const reconciling = databases?.reconciled ? { since, within: reconcilingTakes(times) } : null;
  const ending = await judgeInTheEnd(histories, {
    gateways,
    timeout: 2 * times.requestMs,
    databases: databases && { ask: databases.ask, reconciling },
    sample,
  });
  const reconcilingMayTake = reconciling?.within ?? null;
  return { histories, clientsEnded: since * 1_000, outcomes, reconcilingMayTake, ...ending };
}

/** Lets clients loose until what befalls the system is over. */
async function work({ gateways, seed, times, parallel, meanwhile, signal, watch }: TrialOptions) {
  const over = new AbortController();
  const failed = new AbortController();
  const clients = runHistories({
    gateways,
    histories: Infinity,
    seed,
    parallel,
    timeout: 2 * times.requestMs,
    patience,
    plan: planClients(times),
    signal: over.signal,
    ...(watch?.history && { onHistory: watch.history }),
  });
  const befalling = meanwhile(AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]));
  const done = Promise.all([clients, befalling.finally(() => over.abort())]);
  try {
    const [histories] = await Promise.race([done, ...(signal ? [interruption(signal)] : [])]);
    return histories;
  } catch (error) {
    failed.abort();
    // or it would start again what is being stopped
    await befalling.catch(() => undefined);
    done.catch(() => undefined);
    throw error;
  }
}

async function interruption(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
