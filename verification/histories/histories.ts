import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client, type Reply } from '../../test/support/client.ts';
import type { RecordedOperation } from '../../test/support/history.ts';
import { perform, type World } from './perform.ts';
import { planHistory, type Step } from './plan.ts';
import { createRandom, type Random } from 'many-to-many/testing';

export interface HistoriesOptions {
  /** Base URLs. The clients of each history are distributed over them. */
  gateways: string[];
  /** The most histories to run. */
  histories: number;
  /** Determines, with the number of a history, the operations of its clients, but not their interleaving. */
  seed: number;
  /** The number of concurrent histories. */
  parallel?: number;
  /** Milliseconds that a client waits for an answer. */
  timeout?: number;
  /** Milliseconds for which the creation of an entity is repeated. */
  createTimeoutMs?: number;
  plan?: (random: Random) => Step[][];
  /** Ends the run: no history begins, and the clients of running histories stop after their first steps. */
  signal?: AbortSignal;
  /** Called at the end of each history. */
  onHistory?: (history: History) => void;
}

export interface History {
  /** The seed of its run. */
  seed: number;
  number: number;
  world: World;
  /** The number of steps of its clients. A list counts as one. */
  steps: number;
  operations: RecordedOperation[];
  /** Answers that are wrong in any state. */
  contractViolations: string[];
}

/** Long timeouts, for a system in which nothing fails, on a slow machine. */
export const longTimeouts = { timeout: 60_000, createTimeoutMs: 120_000 };

/** The number of histories that share a conference, so that its list has pairs of other histories. */
const historiesPerConference = 5;

/** The most clients of a history. Each client of a run gets a unique number. */
const maxClients = 4;

/** The steps that each client completes even after the end of the run, so that every history has observations. */
const firstSteps = 5;

/**
 * Runs random histories of concurrent adds, removes, deletions and reads over HTTP, each on two new events and two new
 * authors.
 * @throws if an entity cannot be created
 */
export async function runHistories(options: HistoriesOptions): Promise<History[]> {
  const { gateways, histories, seed, parallel = 32, timeout = 10_000, createTimeoutMs = 20_000 } = options;
  const { plan = planHistory, signal, onHistory } = options;
  const clients = gateways.map((gateway) => createClient({ gateway, timeout }));
  const finished: History[] = [];
  let next = 0;
  let seq = 0;

  const create = async (attempt: (client: Client) => Promise<Reply<{ id: string }>>) =>
    createWithRetries(clients, attempt, createTimeoutMs);

  async function createWorld(conference: string): Promise<World> {
    const [event0, event1, author0, author1] = await Promise.all([
      create((client) => client.createEvent(conference, ++seq)),
      create((client) => client.createEvent(conference, ++seq)),
      create((client) => client.createAuthor('Ada')),
      create((client) => client.createAuthor('Grace')),
    ]);
    return { conference, events: [event0, event1], authors: [author0, author1] };
  }

  async function runHistoriesInTurn(): Promise<void> {
    let conference = '';
    for (let done = 0; next < histories && !signal?.aborted; done++) {
      const number = next++;
      if (done % historiesPerConference === 0) conference = await create((client) => client.createConference('HIST'));
      const world = await createWorld(conference);
      const planned = plan(createRandom(seedOfHistory(seed, number)));
      const history = { seed, number, world, steps: 0, operations: [], contractViolations: [] };
      await runHistory(history, { clients, planned, signal });
      finished.push(history);
      onHistory?.(history);
    }
  }

  try {
    await Promise.all(Array.from({ length: parallel }, runHistoriesInTurn));
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

/** Runs the clients of a history, and records their operations. */
async function runHistory(history: History, { clients, planned, signal }: Running): Promise<void> {
  const { number, world, operations, contractViolations } = history;
  await Promise.all(
    planned.map(async (steps, index) => {
      const client = clients[(index + number) % clients.length]!;
      const process = number * maxClients + index;
      for (const [done, step] of steps.entries()) {
        if (signal?.aborted && done >= firstSteps) return;
        history.steps += 1;
        try {
          operations.push(...(await perform(client, process, step, world)));
        } catch (violation) {
          contractViolations.push(violation instanceof Error ? violation.message : String(violation));
        }
      }
    }),
  );
}

/**
 * Creates an entity. Repeats the request at each of the gateways in turn, because it may fail under faults and overload.
 */
async function createWithRetries(
  clients: Client[],
  attempt: (client: Client) => Promise<Reply<{ id: string }>>,
  timeoutMs: number,
): Promise<string> {
  const deadline = performance.now() + timeoutMs;
  for (let tries = 0; ; tries++) {
    const { body, status, text, error } = await attempt(clients[tries % clients.length]!);
    if (body) return body.id;
    if (performance.now() > deadline) throw new Error(`cannot create: ${error?.message ?? `${status} ${text}`}`);
    await sleep(Math.min(20 * 2 ** tries, 1_000));
  }
}

/** Derives the seed of a history. */
function seedOfHistory(seed: number, history: number): number {
  return Math.imul(seed ^ Math.imul(history + 1, 0x9e3779b1), 0x85ebca6b);
}
