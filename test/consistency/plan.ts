import type { Random } from './random.ts';

/** An index into a history's two events or two authors. */
export type Index = 0 | 1;

export type Step = { pause: number } & (
  | { do: 'add' | 'remove' | 'read'; event: Index; author: Index }
  | { do: 'list'; by: 'event' | 'author'; index: Index; limit: number | undefined }
  | { do: 'list'; by: 'conference'; limit: number | undefined }
  | { do: 'delete'; entity: 'event' | 'author'; index: Index }
);

/** Milliseconds before a step. */
export type PlanPause = (random: Random) => number;

/**
 * What the clients of one history will do: 8 to 14 steps, dealt out to 3 or 4 of them, most on one pair so that
 * they meet. One history in six deletes an entity on its way.
 * @returns the steps of each client
 */
export function planHistory(random: Random, planPause: PlanPause = mostlyNone): Step[][] {
  const clients = Array.from({ length: 3 + random.below(2) }, (): Step[] => []);
  const length = 8 + random.below(7);
  const deletesAt = random.below(6) === 0 ? 3 + random.below(length - 3) : -1;
  for (let i = 0; i < length; i++)
    clients[i % clients.length]?.push(
      i === deletesAt ? planDelete(random, planPause(random)) : planStep(random, planPause(random)),
    );
  return clients;
}

function planStep(random: Random, pause: number): Step {
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
    [22, { do: 'remove', event, author, pause }],
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

function mostlyNone(random: Random): number {
  return random.below(3) === 0 ? 1 + random.below(5) : 0;
}
