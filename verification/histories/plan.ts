import type { Random } from 'many-to-many/testing';

/** An index into a history's two events or two authors. */
export type Index = 0 | 1;

export type Step = { pause: number } & (
  | { do: 'add' | 'remove' | 'read'; event: Index; author: Index }
  | { do: 'list'; by: 'event' | 'author'; index: Index; limit: number | undefined }
  | { do: 'list'; by: 'conference'; limit: number | undefined }
  | { do: 'delete'; entity: 'event' | 'author'; index: Index }
);

interface PlanOptions {
  /** Milliseconds before each step. */
  pause?: (random: Random) => number;
  /** The number of steps of all clients together; 8 to 14 by default. */
  length?: number;
  /** The weight of removes; all other steps together have the weight 78. */
  removes?: number;
}

/**
 * Plans a history for 3 or 4 clients. Most steps are on one pair, so that they are concurrent. One history in six deletes
 * an entity.
 * @returns the steps of each client
 */
export function planHistory(random: Random, options: PlanOptions = {}): Step[][] {
  const { pause = shortPause, removes = 22 } = options;
  const clients = Array.from({ length: 3 + random.below(2) }, (): Step[] => []);
  const length = options.length ?? 8 + random.below(7);
  const deletesAt = random.below(6) === 0 ? 3 + random.below(length - 3) : -1;
  for (let i = 0; i < length; i++)
    clients[i % clients.length]?.push(
      i === deletesAt ? planDelete(random, pause(random)) : planStep(random, { pause: pause(random), removes }),
    );
  return clients;
}

function planStep(random: Random, { pause, removes }: { pause: number; removes: number }): Step {
  const [event, author] = random.weighted<[Index, Index]>([
    [6, [0, 0]],
    [2, [0, 1]],
    [2, [1, 0]],
    [1, [1, 1]],
  ]);
  const limit = random.weighted([
    [1, 1],
    [1, 2],
    [2, undefined],
  ]);
  return random.weighted<Step>([
    [30, { do: 'add', event, author, pause }],
    [removes, { do: 'remove', event, author, pause }],
    [18, { do: 'read', event, author, pause }],
    [10, { do: 'list', by: 'event', index: event, limit, pause }],
    [10, { do: 'list', by: 'author', index: author, limit, pause }],
    [10, { do: 'list', by: 'conference', limit, pause }],
  ]);
}

function planDelete(random: Random, pause: number): Step {
  const entity = random.below(2) === 0 ? 'event' : 'author';
  return { do: 'delete', entity, index: random.below(4) === 0 ? 1 : 0, pause };
}

function shortPause(random: Random): number {
  return random.below(3) === 0 ? 1 + random.below(5) : 0;
}
