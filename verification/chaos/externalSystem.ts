import { setTimeout as sleep } from 'node:timers/promises';
import { createTimes } from '@attendance/common/times';
import { createClient } from '../../test/support/client.ts';
import { runTrial, type TrialReport, type TrialWatch } from './trial.ts';

export interface AttachedOptions {
  /** Base URLs of a system that is there. */
  gateways: string[];
  /** For which the clients are at work; some more passes until it is quiet. */
  seconds: number;
  /** Decides what the clients do. */
  seed: number;
  /** With which the system was started. */
  timeScale: number;
  /** Histories under way at a time. */
  parallel: number;
  /** Ends it early: nothing is judged. */
  signal?: AbortSignal;
  watch?: TrialWatch;
}

/**
 * A trial of a system that somebody else keeps, and breaks while the clients are at work. They make entities of their
 * own and leave them there; nobody looks into the databases.
 */
export async function runAttached({ seconds, timeScale, ...options }: AttachedOptions): Promise<TrialReport> {
  return runTrial({
    times: createTimes({ scale: timeScale }),
    meanwhile: (signal) => sleep(seconds * 1_000, undefined, { signal }),
    databases: null,
    ...options,
  });
}

/** @throws where a gateway does not answer, with a message that says why */
export async function checkThatTheyAnswer(gateways: string[]): Promise<void> {
  for (const gateway of gateways) {
    const client = createClient({ gateway });
    const { status, error } = await client.listConferences({ limit: 1 });
    client.close();
    if (status !== 200)
      throw new Error(`${gateway} does not answer as a gateway does: ${status ?? error?.message ?? ''}`);
  }
}
