import type { SideName } from '../../relation.ts';
import type { Random } from '../random.ts';
import { around } from './times.ts';

/** Pairs and entities are named by their place among those of their side. */
export interface PlacedPair {
  left: number;
  right: number;
}

/** What a client does, after a pause in milliseconds, at one of the gateways. */
export type Step = { pause: number; gateway: number } & (
  | ({ do: 'add' | 'remove' | 'read' } & PlacedPair)
  // `by` is the name of a list; `index` the place of the entity, if a side's entities have such a list
  | { do: 'list'; by: string; index: number; limit: number }
  | { do: 'delete'; side: SideName; index: number }
  // nobody waits for it
  | { do: 'reconcile' }
);

/** Claims of a pair that the copies hold before the history begins. */
export interface Earlier extends PlacedPair {
  /** Claims in both copies. */
  shared: number;
  /** Claims in one copy only, because a gateway died. */
  half: Record<SideName, number>;
  /** Milliseconds since the oldest was made. */
  age: number;
}

/** What happens in one history, without its faults. */
export interface Plan {
  /** How many entities each side has. */
  left: number;
  right: number;
  gateways: number;
  /** Whether the copies are reconciled before all pairs and lists are read at the end. */
  reconciledFirst: boolean;
  /** How much the gateways' reconcilers look at in one go: so little that a scan takes many calls. */
  sizes: { slice: number; list: number };
  /** The most half claims that a scan drops by itself. With few, the reconcilers may trip while faults strike. */
  mayDrop: number;
  /** The side whose database loses its data before the last scan, if one does. */
  emptied: SideName | null;
  /** Calls that a gateway may have under way at once for one operation of one copy. */
  slots: number;
  /** Whether each gateway reconciles by itself, again and again, until all faults are over. */
  reconcilersRun: boolean;
  earlier: Earlier[];
  /** The steps of each client. */
  clients: Step[][];
}

/**
 * Plans the beginning of one history, and what its clients do: 3 to 12 steps.
 * @param lists the names of the lists that clients read
 */
export function planHistory(random: Random, lists: readonly string[]): Plan {
  const count = () => random.weighted(entitiesOfSide);
  const world = { left: count(), right: count(), gateways: 1 + random.below(3) };
  const clients = Array.from({ length: 1 + random.below(4) }, (): Step[] => []);
  const anyClient = () => clients[random.below(clients.length)];
  const length = 3 + random.below(10);
  for (let i = 0; i < length; i++) anyClient()?.push(planStep(random, world, lists));
  for (let scans = random.weighted(scansOfHistory); scans > 0; scans--) {
    const steps = anyClient() ?? [];
    const pause = planPause(random);
    steps.splice(random.below(steps.length + 1), 0, { pause, gateway: random.below(world.gateways), do: 'reconcile' });
  }
  const sizes = { slice: 1 + random.below(20), list: 1 + random.below(20) };
  return {
    ...world,
    reconciledFirst: random.below(2) === 0,
    sizes,
    mayDrop: random.below(2) === 0 ? 1000 : random.below(3),
    emptied: random.weighted(emptied),
    earlier: planEarlier(random, world),
    clients,
    slots: 1 + random.below(4),
    reconcilersRun: random.below(32) === 0,
  };
}

/** With three, pages of a list can end at different entities in the two copies, and both go on. */
const entitiesOfSide = [
  [4, 1],
  [4, 2],
  [1, 3],
] as const;

function planStep(random: Random, world: Pick<Plan, 'left' | 'right' | 'gateways'>, lists: readonly string[]): Step {
  const common = { pause: planPause(random), gateway: random.below(world.gateways) };
  const left = random.below(3) === 0 ? random.below(world.left) : 0;
  const right = random.below(3) === 0 ? random.below(world.right) : 0;
  const kind = random.weighted(kinds);
  if (kind === 'list') {
    const by = lists[random.below(lists.length)] ?? 'left';
    return { ...common, do: 'list', by, index: by === 'right' ? right : left, limit: 1 + random.below(3) };
  }
  if (kind === 'delete') {
    const side = random.below(2) === 0 ? 'left' : 'right';
    return { ...common, do: 'delete', side, index: side === 'left' ? left : right };
  }
  return { ...common, do: kind, left, right };
}

const kinds = [
  [30, 'add'],
  [22, 'remove'],
  [20, 'read'],
  [24, 'list'],
  [3, 'delete'],
] as const;

const emptied = [
  [14, null],
  [1, 'left'],
  [1, 'right'],
] as const;

/** In some histories a reconciler is nearly always at work. */
const scansOfHistory = [
  [3, 0],
  [2, 1],
  [2, 4],
  [1, 10],
] as const;

function planEarlier(random: Random, world: PlacedPair): Earlier[] {
  const earlier: Earlier[] = [];
  for (let left = 0; left < world.left; left++)
    for (let right = 0; right < world.right; right++) {
      if (random.below(4) > 0) continue;
      const nearlyFull = random.below(3) === 0;
      const shared = nearlyFull ? 14 + random.below(3) : random.below(3);
      const room = 17 - shared;
      const half = { left: random.below(Math.min(3, room)), right: random.below(Math.min(3, room)) };
      earlier.push({ left, right, shared, half, age: planPause(random) + random.below(400_000) });
    }
  return earlier;
}

/** Milliseconds; mostly few, sometimes about as many as one of the bounds on time. */
function planPause(random: Random): number {
  const within = ([from, to]: readonly [number, number]) => from + random.below(to - from);
  return random.weighted([
    [12, random.below(10)],
    [3, random.below(60)],
    [2, within(around.deadlines)],
    [1, within(around.expiry)],
    [0.8, within(around.grace)],
  ]);
}
