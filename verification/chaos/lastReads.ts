import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../histories/histories.ts';
import { pairKey } from '../histories/lists.ts';
import { perform } from '../histories/perform.ts';
import type { Index, Step } from '../histories/plan.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import type { RecordedOperation } from '../../test/support/history.ts';
import type { Copies } from './copies.ts';

const indexes: Index[] = [0, 1];

/** Every pair of a history from all directions, a list in one page and in small ones. */
const everything: Step[] = [
  ...indexes.flatMap((event) => indexes.map((author) => ({ do: 'read', event, author, pause: 0 }) as const)),
  ...[undefined, 1].flatMap((limit): Step[] => [
    ...indexes.flatMap((index) =>
      (['event', 'author'] as const).map((by) => ({ do: 'list', by, index, limit, pause: 0 }) as const),
    ),
    { do: 'list', by: 'conference', limit, pause: 0 },
  ]),
];

/** How often a read is tried; nothing is broken any more, so that one of them has to be answered. */
const mostTries = 3;
const millisecondsBetweenTries = 1_000;

export interface LastReads {
  /** How many histories were answered from all directions. */
  readAgain: number;
  /** What was not answered. */
  violations: string[];
}

interface LastReader {
  gateway: string;
  /** Its number: no client of a history has it. */
  process: number;
  /** Milliseconds to wait for an answer. */
  timeout: number;
}

/**
 * Reads every pair of these histories once more, each history through one of the gateways, and puts what was told to
 * each history. A gateway that does not answer is given up, or it would take as long as there are histories.
 */
export async function readOnceMore(histories: readonly History[], readers: readonly LastReader[]): Promise<LastReads> {
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
      const { refused, faulty } = await readEverything(client, process, history);
      if (refused) {
        const { request, event, author, status } = refused;
        const what = `${request}, pair ${event} ${author}, told nothing in ${mostTries} tries (${status ?? 'no answer'})`;
        const unread = `${histories.length - before} histories could not be read through it`;
        const where = `seed ${history.seed}, history ${history.number}`;
        return { readAgain, violations: [`${where}: all should run again, but at ${gateway} ${what}; ${unread}`] };
      }
      if (!faulty) readAgain += 1;
    }
    return { readAgain, violations: [] };
  } finally {
    client.close();
  }
}

/** @returns the first read that told nothing, where there is one, and whether an answer was outside the contract */
async function readEverything(client: Client, process: number, { operations, faults, world }: History) {
  let faulty = false;
  for (const step of everything)
    try {
      const { told, refused } = await readPatiently(() => perform(client, process, step, world));
      operations.push(...told);
      if (refused) return { refused, faulty };
    } catch (fault) {
      faults.push(fault instanceof Error ? fault.message : String(fault));
      faulty = true;
    }
  return { refused: undefined, faulty };
}

async function readPatiently(read: () => Promise<RecordedOperation[]>) {
  const told: RecordedOperation[] = [];
  for (let tries = 1; ; tries++) {
    const latest = await read();
    told.push(...latest);
    const refused = latest.find(({ outcome }) => outcome === 'refused');
    if (!refused || tries === mostTries) return { told, refused };
    await sleep(millisecondsBetweenTries);
  }
}

interface LastLook {
  copies: Copies;
  process: number;
  /** When the copies were asked, in microseconds of the histories' clock. */
  start: number;
  end: number;
}

/** Puts to each history what the copies say of its pairs: a read like any other, for the checker. */
export function readInCopies(histories: readonly History[], { copies, ...asked }: LastLook): void {
  const visible = new Set(copies.visible.values());
  for (const { world, operations } of histories)
    for (const event of world.events)
      for (const author of world.authors) {
        const outcome = visible.has(pairKey(event, author)) ? 'present' : 'absent';
        const request = 'SELECT in both databases';
        operations.push({ event, author, ...asked, kind: 'read', outcome, request, status: null });
      }
}
