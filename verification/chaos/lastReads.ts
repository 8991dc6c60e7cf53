import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../histories/histories.ts';
import { pairKey } from '../histories/lists.ts';
import { perform } from '../histories/perform.ts';
import type { Index, Step } from '../histories/plan.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import type { RecordedOperation } from '../../test/support/history.ts';
import type { Copies } from './copies.ts';

const indexes: Index[] = [0, 1];

/** Reads of every pair of a history alone and by each list, with large and with small pages. */
const allReads: Step[] = [
  ...indexes.flatMap((event) => indexes.map((author) => ({ do: 'read', event, author, pause: 0 }) as const)),
  ...[undefined, 1].flatMap((limit): Step[] => [
    ...indexes.flatMap((index) =>
      (['event', 'author'] as const).map((by) => ({ do: 'list', by, index, limit, pause: 0 }) as const),
    ),
    { do: 'list', by: 'conference', limit, pause: 0 },
  ]),
];

/** All faults have ended, so one of these tries must be answered. */
const maxTries = 3;
const retryDelayMs = 1_000;

export interface LastReads {
  /** The number of histories whose reads were all answered. */
  readAgain: number;
  violations: string[];
}

interface LastReader {
  gateway: string;
  /** Its process number, which no client of a history has. */
  process: number;
  /** Milliseconds to wait for an answer. */
  timeout: number;
}

/**
 * Reads every pair of these histories again, each history at one of the gateways, and adds the reads to the histories.
 * After an unanswered read, no further histories are read at that gateway.
 */
export async function readAllAgain(histories: readonly History[], readers: readonly LastReader[]): Promise<LastReads> {
  const shares = readers.map((reader, i) =>
    readShare(
      histories.filter((_, number) => number % readers.length === i),
      reader,
    ),
  );
  const done = await Promise.all(shares);
  return {
    readAgain: done.reduce((total, { readAgain }) => total + readAgain, 0),
    violations: done.flatMap(({ violations }) => violations),
  };
}

async function readShare(histories: History[], { gateway, process, timeout }: LastReader): Promise<LastReads> {
  const client = createClient({ gateway, timeout });
  let readAgain = 0;
  try {
    for (const [before, history] of histories.entries()) {
      const { refused, hasViolation } = await readHistory(client, process, history);
      if (refused) {
        const { request, event, author, status } = refused;
        const what = `${request}, pair ${event} ${author}, was not answered in ${maxTries} tries (${status ?? 'no answer'})`;
        const unread = `${histories.length - before} histories could not be read there`;
        const where = `seed ${history.seed}, history ${history.number}`;
        return { readAgain, violations: [`${where}: at ${gateway} ${what}; ${unread}`] };
      }
      if (!hasViolation) readAgain += 1;
    }
    return { readAgain, violations: [] };
  } finally {
    client.close();
  }
}

/** @returns the first read that was not answered, if any, and whether an answer violates the contract */
async function readHistory(client: Client, process: number, { operations, contractViolations, world }: History) {
  let hasViolation = false;
  for (const step of allReads)
    try {
      const { recorded, refused } = await readWithRetries(() => perform(client, process, step, world));
      operations.push(...recorded);
      if (refused) return { refused, hasViolation };
    } catch (violation) {
      contractViolations.push(violation instanceof Error ? violation.message : String(violation));
      hasViolation = true;
    }
  return { refused: undefined, hasViolation };
}

async function readWithRetries(read: () => Promise<RecordedOperation[]>) {
  const recorded: RecordedOperation[] = [];
  for (let tries = 1; ; tries++) {
    const latest = await read();
    recorded.push(...latest);
    const refused = latest.find(({ outcome }) => outcome === 'refused');
    if (!refused || tries === maxTries) return { recorded, refused };
    await sleep(retryDelayMs);
  }
}

interface Snapshot {
  copies: Copies;
  process: number;
  /** Microseconds on the clock of the histories, before and after the copies were read. */
  start: number;
  end: number;
}

/** Adds a read of each pair to its history, with the outcome in the copies. */
export function recordCopies(histories: readonly History[], { copies, ...interval }: Snapshot): void {
  const visible = new Set(copies.visible.values());
  for (const { world, operations } of histories)
    for (const event of world.events)
      for (const author of world.authors) {
        const outcome = visible.has(pairKey(event, author)) ? 'present' : 'absent';
        const request = 'SELECT in both databases';
        operations.push({ event, author, ...interval, kind: 'read', outcome, request, status: null });
      }
}
