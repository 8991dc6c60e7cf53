import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from 'many-to-many/testing';
import { micros } from '../../test/support/history.ts';
import { breakEdge } from './network.ts';
import { processes, type Fault } from './plan.ts';
import type { ChaosSystem } from './system.ts';

/** What a fault did. */
export interface Strike {
  fault: Fault;
  /** Microseconds, on the clock of the history; end is null while it lasts. */
  start: number;
  end: number | null;
  /**
   * How often it touched something: processes that were killed or frozen, connections that were reset, bytes of one
   * read that were held back or lost. 0 where nothing was there to be touched.
   */
  struck: number;
}

interface Striking {
  faults: Fault[];
  /** Milliseconds that it takes in all, also where no fault is left. */
  during: number;
  random: Random;
  /** No fault begins after it, and those under way end. */
  signal: AbortSignal | undefined;
  onStrike: (strike: Strike) => void;
}

/**
 * Lets every fault of a plan happen.
 * @returns when all are over, and everything runs again
 * @throws where something does not start again
 */
export async function strikeAll(
  system: ChaosSystem,
  { faults, during, random, signal, onStrike }: Striking,
): Promise<void> {
  const began = performance.now();
  const until = async (time: number) => {
    const rest = began + time - performance.now();
    // an end that comes early is what the signal is for
    if (rest > 0) await sleep(rest, undefined, signal && { signal }).catch(() => undefined);
  };
  /** When a target runs again. */
  const recovered = new Map<string, Promise<void>>();
  for (const fault of faults) {
    await until(fault.at);
    if (signal?.aborted) break;
    const targets = fault.target === 'everything' ? processes : [fault.target];
    const end = until(fault.at + fault.lasts);
    // a start that is not finished would fail
    const over = Promise.all(targets.map((target) => recovered.get(target) ?? Promise.resolve())).then(() =>
      strikeOnce(system, fault, { random, onStrike, end }),
    );
    // told at the end, when everything else has ended too
    over.catch(() => undefined);
    for (const target of targets) recovered.set(target, over);
  }
  await until(during);
  await Promise.all(recovered.values());
}

async function strikeOnce(
  system: ChaosSystem,
  fault: Fault,
  { random, onStrike, end }: Pick<Striking, 'random' | 'onStrike'> & { end: Promise<void> },
): Promise<void> {
  const strike: Strike = { fault, start: micros(), end: null, struck: 0 };
  onStrike(strike);
  const heal = await begin(system, fault, random, () => strike.struck++);
  await end;
  await heal();
  strike.end = micros();
}

/** @returns what ends it */
async function begin(
  system: ChaosSystem,
  fault: Fault,
  random: Random,
  struck: () => void,
): Promise<() => Promise<void> | void> {
  switch (fault.kind) {
    case 'kill': {
      const names = fault.target === 'everything' ? processes : [fault.target];
      const victims = names.map((name) => system.processes[name]);
      await Promise.all(
        victims.map((victim) => {
          struck();
          return victim.kill();
        }),
      );
      return async () => {
        await Promise.all(victims.map((victim) => victim.start()));
      };
    }
    case 'freeze': {
      const victim = system.processes[fault.target];
      struck();
      victim.freeze();
      return () => victim.resume();
    }
    case 'kill backend':
      if (system.processes.postgres.killBackend()) struck();
      return () => undefined;
    default:
      return breakEdge(system.proxies[fault.target], fault.kind, random, struck);
  }
}
