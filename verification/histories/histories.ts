import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client, type Reply } from '../../test/support/client.ts';
import type { RecordedOperation } from '../../test/support/history.ts';
import { perform, type World } from './perform.ts';
import { planHistory, type Step } from './plan.ts';
import { createRandom, type Random } from 'many-to-many/testing';

export interface HistoriesOptions {
  /** Base URLs; the clients of each history are spread over them. */
  gateways: string[];
  /** At most. */
  histories: number;
  /** With the number of a history it decides what its clients do, as far as scheduling allows what they meet. */
  seed: number;
  /** Histories under way at a time. */
  parallel?: number;
  /** Milliseconds that a client waits for an answer. */
  timeout?: number;
  /** Milliseconds for which the making of an entity is tried. */
  patience?: number;
  plan?: (random: Random) => Step[][];
  /** No history begins after it; one under way ends, its clients leaving off what is more than their first steps. */
  signal?: AbortSignal;
  /** Told of each history at its end. */
  onHistory?: (history: History) => void;
}

export interface History {
  /** Of the run that it is from. */
  seed: number;
  number: number;
  world: World;
  /** How many its clients did; a list is one, whatever its pages and pairs. */
  steps: number;
  operations: RecordedOperation[];
  /** Answers that are wrong whatever the state. */
  faults: string[];
}

/** For a system in which nothing fails: a client waits, and nothing is given up, however slow the machine. */
export const unhurried = { timeout: 60_000, patience: 120_000 };

/** Histories that one conference is used for, so that its list has pairs of others too. */
const historiesOfConference = 5;

/** No history has more of them, so that each client of a run has a number of its own. */
const mostClients = 4;

/** Steps that each client does in any case, so that every history tells something; a short one has no more. */
const firstSteps = 5;

/**
 * Random concurrent histories of adds, removes, deletions and every read over HTTP, each on two fresh events and two
 * fresh authors.
 * @throws where the entities cannot be created
 */
export async function runHistories(options: HistoriesOptions): Promise<History[]> {
  const { gateways, histories, seed, parallel = 32, timeout = 10_000, patience = 20_000 } = options;
  const { plan = planHistory, signal, onHistory } = options;
  const clients = gateways.map((gateway) => createClient({ gateway, timeout }));
  const finished: History[] = [];
  let next = 0;
  let seq = 0;

  const create = async (attempt: (client: Client) => Promise<Reply<{ id: string }>>) =>
    createPatiently(clients, attempt, patience);

  async function createWorld(conference: string): Promise<World> {
    const [event0, event1, author0, author1] = await Promise.all([
      create((client) => client.createEvent(conference, ++seq)),
      create((client) => client.createEvent(conference, ++seq)),
      create((client) => client.createAuthor('Ada')),
      create((client) => client.createAuthor('Grace')),
    ]);
    return { conference, events: [event0, event1], authors: [author0, author1] };
  }

  async function lane(): Promise<void> {
    let conference = '';
    for (let done = 0; next < histories && !signal?.aborted; done++) {
      const number = next++;
      if (done % historiesOfConference === 0) conference = await create((client) => client.createConference('HIST'));
      const world = await createWorld(conference);
      const planned = plan(createRandom(mix(seed, number)));
      const history = { seed, number, world, steps: 0, operations: [], faults: [] };
      await runHistory(history, { clients, planned, signal });
      finished.push(history);
      onHistory?.(history);
    }
  }

  try {
    await Promise.all(Array.from({ length: parallel }, lane));
  } finally {
    for (const client of clients) client.close();
  }
  return finished;
}

interface Running {
  clients: Client[];
  /** The steps of each client of the history. */
  planned: Step[][];
  signal: AbortSignal | undefined;
}

/** Puts to a history what its clients do and are told. */
async function runHistory(history: History, { clients, planned, signal }: Running): Promise<void> {
  const { number, world, operations, faults } = history;
  await Promise.all(
    planned.map(async (steps, index) => {
      const client = clients[(index + number) % clients.length]!;
      const process = number * mostClients + index;
      for (const [done, step] of steps.entries()) {
        if (signal?.aborted && done >= firstSteps) return;
        history.steps += 1;
        try {
          operations.push(...(await perform(client, process, step, world)));
        } catch (fault) {
          faults.push(fault instanceof Error ? fault.message : String(fault));
        }
      }
    }),
  );
}

/**
 * Under faults and overload a create may have to be repeated, at any of the gateways. Node accepts one connection in a
 * turn of its loop: where a busy machine makes turns long, the last of a hundred waits for seconds.
 */
async function createPatiently(
  clients: Client[],
  attempt: (client: Client) => Promise<Reply<{ id: string }>>,
  patience: number,
): Promise<string> {
  const deadline = performance.now() + patience;
  for (let tries = 0; ; tries++) {
    const { body, status, text, error } = await attempt(clients[tries % clients.length]!);
    if (body) return body.id;
    if (performance.now() > deadline) throw new Error(`cannot create: ${error?.message ?? `${status} ${text}`}`);
    await sleep(Math.min(20 * 2 ** tries, 1_000));
  }
}

/** A seed for each history, far from its neighbours'. */
function mix(seed: number, history: number): number {
  return Math.imul(seed ^ Math.imul(history + 1, 0x9e3779b1), 0x85ebca6b);
}
