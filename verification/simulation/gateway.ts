import type { AuthorOwner, ConferenceOwner } from '@attendance/common/contract/claims';
import type { ReconciledCopy } from '@attendance/common/contract/reconciliation';
import type { Dependencies } from '@attendance/gateway-service/protocol/dependencies';
import type { Protocol } from '@attendance/gateway-service/protocol/protocol';
import type { Code } from './code.ts';
import type { Faults } from './faults.ts';
import type { Judge } from './judge.ts';
import { Call, type Network } from './network.ts';
import type { OwnerNode } from './ownerNode.ts';
import type { Plan } from './plan.ts';
import type { Host, Scheduler } from './scheduler.ts';
import { times, type World } from './world.ts';

export interface Gateway extends Host {
  name: string;
  protocol: Protocol;
  /** What the protocol answers; null where the gateway dies before. */
  ask: <Answer>(asked: (protocol: Protocol) => Promise<Answer>) => Promise<Answer | null>;
  /** Whatever was under way in it is never continued. */
  crash: () => void;
}

interface GatewayParts {
  code: Code;
  plan: Pick<Plan, 'sizes' | 'slots'>;
  world: World;
  scheduler: Scheduler;
  faults: Faults;
  network: Network;
  judge: Judge;
  trace: ((event: string) => void) | undefined;
}

const reconciliationOperations = [
  'identify',
  'introduce',
  'digestClaims',
  'listClaims',
  'listSurplus',
  'readClaims',
  'dropClaims',
] as const satisfies (keyof ReconciledCopy)[];
const authorOperations = [
  'insertClaims',
  'retireClaims',
  'readPairs',
  'listByOwned',
  'listByForeign',
  'readAttendees',
  ...reconciliationOperations,
] as const satisfies (keyof AuthorOwner)[];
const conferenceOperations = [
  'insertClaims',
  'retireClaims',
  'readPairs',
  'listByOwned',
  'listByForeign',
  'listByConference',
  ...reconciliationOperations,
] as const satisfies (keyof ConferenceOwner)[];

/** One process of the gateway, with a clock of its own. */
export function createGateway(name: string, parts: GatewayParts): Gateway {
  const { code, plan, world, scheduler, faults, network, judge, trace } = parts;
  const host = { name, alive: true, suspendedUntil: 0 };
  const clock = world.createClock();
  let calls = 0;

  function remote(node: OwnerNode, operations: readonly string[]) {
    const send = (operation: string) => (items: object[]) =>
      new Call(network, { from: host, to: node, operation, items }, ++calls).send();
    return Object.fromEntries(operations.map((operation) => [operation, send(operation)]));
  }

  const dependencies: Dependencies = {
    author: remote(world.author, authorOperations) as unknown as AuthorOwner,
    conference: remote(world.conference, conferenceOperations) as unknown as ConferenceOwner,
    now: () => scheduler.now,
    newId: () => world.newId(clock()),
    timer: (ms, callback) => scheduler.after(ms, callback, host),
    turn: (callback) => void scheduler.after(faults.way(2), callback, host),
    times,
    slots: plan.slots,
    events: {
      added: () => undefined,
      removed: () => undefined,
      withdrawn: () => undefined,
      stranded: () => undefined,
      dropped: (drops) => {
        for (const { copy, claim_id, reason } of drops) trace?.(`${name} dropped ${claim_id} of ${copy}: ${reason}`);
      },
      // never must it think that a person has to look at it
      walked: ({ outcome, reason }) => {
        if (outcome === 'stopped' || outcome === 'wrong_database') judge.fault(`the reconciler stopped: ${reason}`);
      },
      notReconciled: (error) => {
        const unanswered = error instanceof Error && error.name === 'Unanswered';
        if (!unanswered) judge.threw('the reconciler met', error);
      },
    },
  };
  const protocol = code.createProtocol(dependencies, plan.sizes);

  let die: (answer: null) => void = () => undefined;
  const death = new Promise<null>((resolve) => {
    die = resolve;
  });
  return Object.assign(host, {
    protocol,
    ask: <Answer>(asked: (protocol: Protocol) => Promise<Answer>) => Promise.race([asked(protocol), death]),
    crash: () => {
      host.alive = false;
      die(null);
    },
  });
}
