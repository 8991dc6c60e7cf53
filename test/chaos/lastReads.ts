import type { History } from '../consistency/histories.ts';
import { pairKey } from '../consistency/lists.ts';
import { perform } from '../consistency/perform.ts';
import type { Index, Step } from '../consistency/plan.ts';
import { createClient } from '../support/client.ts';
import type { RecordedOperation } from '../support/history.ts';
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

/** The numbers of the clients that read last: no client of a history has one of them. */
const processOf = (gateway: number) => 10 + gateway;
const processOfDatabases = 9;

/** Reads every pair of these histories once more through every gateway, and puts what was told to each history. */
export async function readOnceMore(histories: readonly History[], gateways: string[], timeout: number): Promise<void> {
  const rest = [...histories];
  await Promise.all(
    gateways.map(async (gateway, i) => {
      const client = createClient({ gateway, timeout });
      for (let history = rest.pop(); history; history = rest.pop())
        for (const step of everything)
          try {
            history.operations.push(...(await perform(client, processOf(i), step, history.world)));
          } catch (fault) {
            history.faults.push(fault instanceof Error ? fault.message : String(fault));
          }
      client.close();
    }),
  );
}

/** Puts to each history what the copies say of its pairs: a read like any other, for the checker. */
export function readInCopies(histories: readonly History[], copies: Copies, asked: { start: number; end: number }) {
  const visible = new Set(copies.visible.values());
  for (const { world, operations } of histories)
    for (const event of world.events)
      for (const author of world.authors) {
        const outcome = visible.has(pairKey(event, author)) ? 'present' : 'absent';
        operations.push({ event, author, process: processOfDatabases, ...asked, ...told, outcome });
      }
}

const told = { kind: 'read', request: 'SELECT in both databases', status: null } satisfies Partial<RecordedOperation>;
