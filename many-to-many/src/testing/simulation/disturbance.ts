import type { Random } from '../random.ts';
import type { Faults } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

/** Of a history: a gateway that starts again reconciles again, which is another chance to crash. */
const mostCrashes = 30;

const always = { alive: true, suspendedUntil: 0 };

interface DisturbanceParts {
  world: World;
  scheduler: Scheduler;
  random: Random;
  faults: Faults;
  gateways: Gateway[];
  /** Starts the gateway of this number. */
  launch: (i: number) => Gateway;
  crashAfter: number | undefined;
  trace: ((event: string) => void) | undefined;
}

/** Lets hosts crash, restart and be suspended, and sets a clock; `disturb` is called after every event. */
export function createDisturbance(parts: DisturbanceParts) {
  const { world, scheduler, random, faults, gateways, launch, crashAfter, trace } = parts;
  const counts = { steps: 0, crashes: 0 };

  function disturb(): void {
    counts.steps++;
    const i = random.below(gateways.length);
    if (counts.steps === crashAfter || (counts.crashes < mostCrashes && faults.strikes('crash'))) {
      counts.crashes++;
      trace?.(`gateway ${i} dies`);
      const dying = gateways[i];
      gateways[i] = launch(i);
      scheduler.after(0, () => dying?.crash(), always);
    }
    if (faults.strikes('suspension')) suspend(gateways[i]);
    if (faults.strikes('clock step')) world.stepClock();
    if (faults.strikes('restart')) {
      const node = world[random.below(2) === 0 ? 'left' : 'right'];
      trace?.(`the ${node.name} service restarts`);
      node.restart();
    }
  }

  function suspend(gateway: Gateway | undefined): void {
    if (!gateway) return;
    gateway.suspendedUntil = scheduler.now + faults.lateness();
    trace?.(`${gateway.name} is suspended until ${gateway.suspendedUntil} ms`);
  }

  return { disturb, counts };
}
