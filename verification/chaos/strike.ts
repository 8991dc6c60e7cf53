import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from 'many-to-many/testing';
import { micros } from '../../test/support/history.ts';
import { breakEdge } from './network.ts';
import { processes, type Fault } from './plan.ts';
import type { ChaosSystem } from './system.ts';

/** The effect of a fault. */
export interface Strike {
  fault: Fault;
  /** Microseconds on the clock of the histories. End is null while the fault lasts. */
  start: number;
  end: number | null;
  /**
   * The number of effects: processes killed or frozen, connections reset, chunks delayed or lost.
   */
  struck: number;
}

interface Striking {
  faults: Fault[];
  /** Milliseconds in total, also if the last fault ends earlier. */
  during: number;
  random: Random;
  /** Ends all faults early. */
  signal: AbortSignal | undefined;
  onStrike: (strike: Strike) => void;
}

/**
 * Injects all faults of a plan. Resolves when all have ended and all processes run again.
 * @throws if a process does not restart
 */
export async function strikeAll(
  system: ChaosSystem,
  { faults, during, random, signal, onStrike }: Striking,
): Promise<void> {
  const startTime = performance.now();
  const until = async (time: number) => {
    const rest = startTime + time - performance.now();
    // the signal rejects the sleep
    if (rest > 0) await sleep(rest, undefined, signal && { signal }).catch(() => undefined);
  };
  /** Resolves when the last fault on a target has ended. */
  const recovered = new Map<string, Promise<void>>();
  for (const fault of faults) {
    await until(fault.at);
    if (signal?.aborted) break;
    const targets = fault.target === 'everything' ? processes : [fault.target];
    const end = until(fault.at + fault.lasts);
    // a fault must not begin during the restart of its target
    const ended = Promise.all(targets.map((target) => recovered.get(target) ?? Promise.resolve())).then(() =>
      strikeOnce(system, fault, { random, onStrike, end }),
    );
    // reported at the end, when all faults have ended
    ended.catch(() => undefined);
    for (const target of targets) recovered.set(target, ended);
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

/** Begins a fault. @returns a function that ends it */
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
