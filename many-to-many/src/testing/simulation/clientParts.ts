import type { ClientList, SimulatedRelation } from './clientList.ts';
import type { Faults } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { Judge } from './judge.ts';
import type { Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

export interface ClientParts {
  world: World;
  scheduler: Scheduler;
  faults: Faults;
  judge: Judge;
  gateways: Gateway[];
  /** The lists that clients read, by name. */
  lists: Record<string, ClientList<SimulatedRelation>>;
  /** Work that clients do not wait for. */
  background: Promise<unknown>[];
  trace: ((event: string) => void) | undefined;
}
