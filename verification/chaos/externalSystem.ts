import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { createClient } from '../../test/support/client.ts';
import { runTrial, type TrialReport, type TrialWatch } from './trial.ts';

interface ExternalSystemOptions {
  /** The base URLs of the system's gateways. */
  gateways: string[];
  /** How long the clients run. The final checks take longer. */
  seconds: number;
  /** Determines the operations of the clients. */
  seed: number;
  /** The scale with which the system was started. */
  timeScale: number;
  /** The number of concurrent histories. */
  parallel: number;
  /** Aborts the trial without a check. */
  signal?: AbortSignal;
  watch?: TrialWatch;
}

/**
 * Runs a trial of a system that runs elsewhere, and that you can break meanwhile. The clients leave their entities in it.
 * The trial does not read the databases.
 */
export async function runOnExternalSystem({
  seconds,
  timeScale,
  ...options
}: ExternalSystemOptions): Promise<TrialReport> {
  return runTrial({
    times: createTimes({ scale: timeScale }),
    meanwhile: (signal) => sleep(seconds * 1_000, undefined, { signal }),
    databases: null,
    ...options,
  });
}

/** @throws if a gateway does not answer */
export async function checkGatewaysAnswer(gateways: string[]): Promise<void> {
  for (const gateway of gateways) {
    const client = createClient({ gateway });
    const { status, error } = await client.listConferences({ limit: 1 });
    client.close();
    if (status !== 200)
      throw new Error(`${gateway} must answer as a gateway does (got ${status ?? error?.message ?? ''})`);
  }
}
