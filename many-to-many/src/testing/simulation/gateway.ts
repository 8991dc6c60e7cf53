import type { SimulatedRelation } from './clientList.ts';
import type { Faults } from './faults.ts';
import type { Judge } from './judge.ts';
import type { Network } from './network.ts';
import type { Plan } from './plan.ts';
import type { Host, Scheduler } from './scheduler.ts';
import type { System } from './system.ts';
import { times } from './times.ts';
import type { World } from './world.ts';

export interface Gateway extends Host {
  name: string;
  relation: SimulatedRelation;
  /** Gives the relation's answer; null if the gateway dies before. */
  ask: <Answer>(asked: (relation: SimulatedRelation) => Promise<Answer>) => Promise<Answer | null>;
  /** Ends the process: its work is never continued. */
  crash: () => void;
}

export interface GatewayParts {
  system: System;
  plan: Pick<Plan, 'sizes' | 'mayDrop' | 'slots'>;
  world: World;
  scheduler: Scheduler;
  faults: Faults;
  network: Network;
  judge: Judge;
  trace: ((event: string) => void) | undefined;
}

/** Starts one process of the gateway, with a clock of its own. */
export function createGateway(name: string, parts: GatewayParts): Gateway {
  const { system, plan, world, scheduler, faults, network, judge, trace } = parts;
  const host = { name, alive: true, suspendedUntil: 0 };
  const clock = world.createClock();

  const calls = { left: network.connect(host, world.left), right: network.connect(host, world.right) };
  const relation = system.compose(calls, {
    times,
    slots: plan.slots,
    sizes: { ...plan.sizes, mayDrop: plan.mayDrop },
    environment: {
      now: () => scheduler.now,
      newId: () => world.newClaimId(clock()),
      timer: (ms, callback) => scheduler.after(ms, callback, host),
      endOfTurn: (callback) => void scheduler.after(faults.way(2), callback, host),
    },
    events: {
      dropped: (drops) => {
        for (const { copy, claim_id, reason } of drops)
          trace?.(`${name} dropped ${claim_id} of ${world[copy].name}: ${reason}`);
      },
      scanned: ({ outcome, reason }) => {
        // few claims are no reason for a person to look at them
        const unexpected = outcome === 'wrong_database' || (outcome === 'tripped' && plan.mayDrop >= 1000);
        if (unexpected) judge.fault(`the reconciler ${outcome}: ${reason}`);
      },
      failed: (error) => {
        const unanswered = error instanceof Error && error.name === 'Unanswered';
        if (!unanswered) judge.threw('the reconciler met', error);
      },
    },
  });

  let die: (answer: null) => void = () => undefined;
  const death = new Promise<null>((resolve) => {
    die = resolve;
  });
  return Object.assign(host, {
    relation,
    ask: <Answer>(asked: (relation: SimulatedRelation) => Promise<Answer>) => Promise.race([asked(relation), death]),
    crash: () => {
      host.alive = false;
      die(null);
    },
  });
}
