import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { runHistories, type History } from '../consistency/histories.ts';
import { createRandom } from '../consistency/random.ts';
import { countOutcomes } from '../consistency/report.ts';
import { withClient } from '../support/postgres.ts';
import { planLongAndShort } from './clients.ts';
import type { AskCopy, ClaimRow } from './copies.ts';
import { judgeInTheEnd, type Ending } from './ending.ts';
import { planFaults } from './plan.ts';
import { reconcilingTakes } from './reconciling.ts';
import { strikeAll, type Strike } from './strike.ts';
import { startChaosSystem, type ChaosSystem } from './system.ts';

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
  parallel?: number;
  /** Wait in the end until the copies are the same; true unless given. */
  reconciled?: boolean;
  /** Ends it early: everything is stopped, and nothing is judged. */
  signal?: AbortSignal;
  watch?: ChaosWatch;
  /** Done to the system while the clients are at work. */
  meanwhile?: (system: ChaosSystem) => Promise<void>;
}

/** Told of what happens while it happens. */
export interface ChaosWatch {
  phase?: (phase: string) => void;
  history?: (history: History) => void;
  strike?: (strike: Strike) => void;
}

export interface ChaosReport extends Ending {
  histories: History[];
  strikes: Strike[];
  /** How often each kind had each outcome, such as `add done`, by pairs; without the last reads. */
  outcomes: Record<string, number>;
  /** Milliseconds in which the copies had to become the same; null where nobody waited for that. */
  reconcilingMayTake: number | null;
}

/**
 * Clients at work on real processes, while faults of every kind strike them; then everything is healed, read once
 * more, and judged.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { timeScale, logs, watch = {}, signal, reconciled = true } = options;
  watch.phase?.('starting');
  const system = await startChaosSystem({ logs, timeScale });
  try {
    const { histories, strikes } = await work(system, options);
    const since = performance.now();
    // before the last reads: they are no part of what was told under faults
    const outcomes = countOutcomes(histories.flatMap(({ operations }) => operations));
    signal?.throwIfAborted();

    watch.phase?.('waiting until it is quiet');
    const times = createTimes({ scale: timeScale });
    await sleep(times.expiry + times.skew + times.public, undefined, { signal });
    watch.phase?.('reconciling, and reading everything once more');
    const ask: AskCopy = (name, statement) =>
      withClient(system.database(name), async (client) => (await client.query<ClaimRow>(statement)).rows);
    const reconciling = reconciled ? { since, within: reconcilingTakes(times) } : null;
    const timeout = 2 * times.public;
    const ending = await judgeInTheEnd(histories, { gateways: system.gateways, timeout, ask, reconciling });
    return { histories, strikes, outcomes, reconcilingMayTake: reconciling?.within ?? null, ...ending };
  } finally {
    watch.phase?.('stopping');
    await system.stop();
  }
}

/** Lets clients and faults loose until the time is over. */
async function work(system: ChaosSystem, options: ChaosOptions): Promise<{ histories: History[]; strikes: Strike[] }> {
  const { seconds, seed, timeScale, parallel = 40, signal, watch = {}, meanwhile } = options;
  const times = createTimes({ scale: timeScale });
  const strikes: Strike[] = [];
  const over = new AbortController();
  const failed = new AbortController();
  const faults = planFaults(createRandom(seed), { during: seconds * 1_000, expiry: times.expiry });
  watch.phase?.('under faults');
  const clients = runHistories({
    gateways: system.gateways,
    histories: Infinity,
    seed,
    parallel,
    timeout: 2 * times.public,
    patience: 60_000,
    plan: planLongAndShort,
    signal: over.signal,
    ...(watch.history && { onHistory: watch.history }),
  });
  const striking = strikeAll(system, {
    faults,
    during: seconds * 1_000,
    random: createRandom(seed + 1),
    signal: AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]),
    onStrike: (strike) => {
      strikes.push(strike);
      watch.strike?.(strike);
    },
  });
  const done = Promise.all([clients, striking.finally(() => over.abort()), meanwhile?.(system)]);
  try {
    const [histories] = await Promise.race([done, ...(signal ? [interruption(signal)] : [])]);
    return { histories, strikes };
  } catch (error) {
    failed.abort();
    // or it would start again what is being stopped
    await striking.catch(() => undefined);
    done.catch(() => undefined);
    throw error;
  }
}

async function interruption(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
