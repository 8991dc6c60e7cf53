import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client, type Reply } from '../support/client.ts';
import { byPair, type RecordedOperation } from '../support/history.ts';
import { drawHistory } from './drawing.ts';
import { checkPair } from './linearizability.ts';
import { perform, type World } from './perform.ts';
import { planHistory } from './plan.ts';
import { createRandom } from './random.ts';

export interface HistoriesOptions {
  /** The gateway's base URL. */
  gateway: string;
  histories: number;
  /** With the number of a history it decides what its clients do, as far as scheduling allows what they meet. */
  seed: number;
  /** Histories under way at a time. */
  parallel?: number;
  /** Milliseconds that a client waits for an answer. */
  timeout?: number;
}

export interface Violation {
  seed: number;
  /** The number of the history. */
  history: number;
  /** What is wrong, with a drawing where an order is missing. */
  report: string;
  operations: RecordedOperation[];
}

export interface HistoriesReport {
  operations: RecordedOperation[];
  /** How often each kind had each outcome, such as `add done`. */
  outcomes: Record<string, number>;
  violations: Violation[];
}

/** Histories that one conference is used for, so that its list has pairs of others too. */
const historiesOfConference = 5;

/**
 * Random concurrent histories of adds, removes, deletions and every read over HTTP, each on two fresh events and two
 * fresh authors, and each of its four pairs judged by itself.
 * @throws where the entities cannot be created
 */
export async function runHistories(options: HistoriesOptions): Promise<HistoriesReport> {
  const { gateway, histories, seed, parallel = 32, timeout = 10_000 } = options;
  const client = createClient({ gateway, timeout });
  const report: HistoriesReport = { operations: [], outcomes: {}, violations: [] };
  let next = 0;
  let seq = 0;

  async function createWorld(conference: string): Promise<World> {
    const [event0, event1, author0, author1] = await Promise.all([
      create(() => client.createEvent(conference, ++seq)),
      create(() => client.createEvent(conference, ++seq)),
      create(() => client.createAuthor('Ada')),
      create(() => client.createAuthor('Grace')),
    ]);
    return { conference, events: [event0, event1], authors: [author0, author1] };
  }

  async function lane(): Promise<void> {
    let conference = '';
    for (let done = 0; next < histories; done++) {
      const history = next++;
      if (done % historiesOfConference === 0) conference = await create(() => client.createConference('HIST'));
      const world = await createWorld(conference);
      const { operations, faults } = await runHistory(client, createRandom(mix(seed, history)), world);
      for (const fault of [...faults, ...judge(operations)])
        report.violations.push({ seed, history, operations, report: `seed ${seed}, history ${history}: ${fault}` });
      count(report, operations);
    }
  }

  try {
    await Promise.all(Array.from({ length: parallel }, lane));
  } finally {
    client.close();
  }
  return report;
}

async function runHistory(client: Client, random: ReturnType<typeof createRandom>, world: World) {
  const operations: RecordedOperation[] = [];
  const faults: string[] = [];
  await Promise.all(
    planHistory(random).map(async (steps, process) => {
      for (const step of steps)
        try {
          operations.push(...(await perform(client, process, step, world)));
        } catch (fault) {
          faults.push(fault instanceof Error ? fault.message : String(fault));
        }
    }),
  );
  return { operations, faults };
}

function judge(operations: RecordedOperation[]): string[] {
  return byPair(operations).flatMap((pair) => {
    const verdict = checkPair(pair);
    return verdict.ok ? [] : [`${verdict.explanation}\n${drawHistory(verdict.prefix, verdict.failed)}`];
  });
}

/** Under faults and overload a create may have to be repeated. */
async function create(attempt: () => Promise<Reply<{ id: string }>>): Promise<string> {
  let reply = await attempt();
  for (let pause = 20; pause < 5_000 && !reply.body; pause *= 2) {
    await sleep(pause);
    reply = await attempt();
  }
  if (!reply.body) throw new Error(`cannot create: ${reply.status ?? ''} ${reply.text}`, { cause: reply.error });
  return reply.body.id;
}

/** A seed for each history, far from its neighbours'. */
function mix(seed: number, history: number): number {
  return Math.imul(seed ^ Math.imul(history + 1, 0x9e3779b1), 0x85ebca6b);
}

function count(report: HistoriesReport, operations: RecordedOperation[]): void {
  report.operations.push(...operations);
  for (const { kind, outcome } of operations) {
    const name = `${kind} ${outcome}`;
    report.outcomes[name] = (report.outcomes[name] ?? 0) + 1;
  }
}
