import type { Random } from '../histories/random.ts';

export type Step = { pause: number; gateway: number } & (
  | { do: 'add' | 'remove' | 'read'; event: number; author: number }
  | { do: 'list'; by: 'event' | 'author'; index: number; limit: number }
  | { do: 'list'; by: 'conference'; limit: number }
  | { do: 'delete'; entity: 'event' | 'author'; index: number }
  // nobody waits for it
  | { do: 'reconcile' }
);

/** Claims of a pair that are there before the history begins. */
export interface Earlier {
  event: number;
  author: number;
  shared: number;
  /** In one copy only: a gateway died. */
  half: { author: number; conference: number };
  /** Milliseconds since the oldest was made. */
  age: number;
}

export interface Plan {
  events: number;
  authors: number;
  gateways: number;
  /** Whether the copies are reconciled before everybody looks around in the end. */
  reconciledFirst: boolean;
  /** What the gateways' reconcilers look at in one go: as little as that tears a walk into many calls. */
  sizes: { slice: number; list: number };
  /** Calls that a gateway may have under way at once for one operation of one owner. */
  slots: number;
  /** Whether each gateway reconciles by itself, again and again, until all is quiet. */
  reconcilersRun: boolean;
  earlier: Earlier[];
  /** The steps of each client. */
  clients: Step[][];
}

/** What there is at the beginning, and what the clients of one history will do: 3 to 12 steps. */
export function planHistory(random: Random): Plan {
  const world = { events: 1 + random.below(2), authors: 1 + random.below(2), gateways: 1 + random.below(3) };
  const clients = Array.from({ length: 1 + random.below(4) }, (): Step[] => []);
  const anyClient = () => clients[random.below(clients.length)];
  const length = 3 + random.below(10);
  for (let i = 0; i < length; i++) anyClient()?.push(planStep(random, world));
  for (let walks = random.weighted(walksOfHistory); walks > 0; walks--) {
    const steps = anyClient() ?? [];
    const pause = planPause(random);
    steps.splice(random.below(steps.length + 1), 0, { pause, gateway: random.below(world.gateways), do: 'reconcile' });
  }
  const sizes = { slice: 1 + random.below(20), list: 1 + random.below(20) };
  return {
    ...world,
    reconciledFirst: random.below(2) === 0,
    sizes,
    earlier: planEarlier(random, world),
    clients,
    slots: 1 + random.below(4),
    reconcilersRun: random.below(32) === 0,
  };
}

function planStep(random: Random, { events, authors, gateways }: Pick<Plan, 'events' | 'authors' | 'gateways'>): Step {
  const common = { pause: planPause(random), gateway: random.below(gateways) };
  const event = random.below(3) === 0 ? random.below(events) : 0;
  const author = random.below(3) === 0 ? random.below(authors) : 0;
  const limit = 1 + random.below(3);
  switch (random.weighted(kinds)) {
    case 'list by event':
      return { ...common, do: 'list', by: 'event', index: event, limit };
    case 'list by author':
      return { ...common, do: 'list', by: 'author', index: author, limit };
    case 'list by conference':
      return { ...common, do: 'list', by: 'conference', limit };
    case 'delete event':
      return { ...common, do: 'delete', entity: 'event', index: event };
    case 'delete author':
      return { ...common, do: 'delete', entity: 'author', index: author };
    case 'remove':
      return { ...common, do: 'remove', event, author };
    case 'read':
      return { ...common, do: 'read', event, author };
    case 'add':
      return { ...common, do: 'add', event, author };
  }
}

const kinds = [
  [30, 'add'],
  [22, 'remove'],
  [20, 'read'],
  [8, 'list by event'],
  [8, 'list by author'],
  [8, 'list by conference'],
  [1.5, 'delete event'],
  [1.5, 'delete author'],
] as const;

/** In some histories reconcilers are always about. */
const walksOfHistory = [
  [3, 0],
  [2, 1],
  [2, 4],
  [1, 10],
] as const;

function planEarlier(random: Random, { events, authors }: { events: number; authors: number }): Earlier[] {
  const earlier: Earlier[] = [];
  for (let event = 0; event < events; event++)
    for (let author = 0; author < authors; author++) {
      if (random.below(4) > 0) continue;
      const nearlyFull = random.below(3) === 0;
      const shared = nearlyFull ? 14 + random.below(3) : random.below(3);
      const room = 17 - shared;
      const half = { author: random.below(Math.min(3, room)), conference: random.below(Math.min(3, room)) };
      earlier.push({ event, author, shared, half, age: planPause(random) + random.below(400_000) });
    }
  return earlier;
}

/** Milliseconds; mostly none, sometimes about as long as one of the bounds on time. */
function planPause(random: Random): number {
  return random.weighted([
    [12, random.below(10)],
    [3, random.below(60)],
    [2, 400 + random.below(5_600)],
    [1, 24_000 + random.below(22_000)],
    [0.8, 270_000 + random.below(100_000)],
  ]);
}
