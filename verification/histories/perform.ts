import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Reply } from '../../test/support/client.ts';
import type { Kind, Outcome, RecordedOperation } from '../../test/support/history.ts';
import { coverage, pairKey, readList } from './lists.ts';
import { outcomeOf } from './outcomes.ts';
import type { Step } from './plan.ts';

/** The entities of one history. */
export interface World {
  conference: string;
  events: readonly [string, string];
  authors: readonly [string, string];
}

/**
 * Performs one step of a history.
 * @returns one operation for each pair that the answer covers
 * @throws if an answer violates the contract in any state
 */
export async function perform(client: Client, process: number, step: Step, world: World): Promise<RecordedOperation[]> {
  if (step.pause > 0) await sleep(step.pause);
  if (step.do === 'list') return performList(client, process, step, world);
  if (step.do === 'delete') return performDelete(client, process, step, world);
  const event = world.events[step.event];
  const author = world.authors[step.author];
  const calls = { add: client.addAttendance, remove: client.removeAttendance, read: client.getAttendance };
  const reply = await calls[step.do](event, author);
  const request = `${step.do} /event/${event}/attendance/${author}`;
  const target = { kind: step.do, event, author };
  return [recorded({ process, request, ...target }, reply, outcomeOf(target, reply))];
}

async function performDelete(
  client: Client,
  process: number,
  { entity, index }: Step & { do: 'delete' },
  world: World,
): Promise<RecordedOperation[]> {
  const id = world[`${entity}s`][index];
  const reply = await (entity === 'event' ? client.deleteEvent(id) : client.deleteAuthor(id));
  const outcome = outcomeOf({ kind: 'delete', [entity]: id }, reply);
  const request = `delete /${entity}/${id}`;
  return pairsOf(world, { [entity]: id }).map((pair) =>
    recorded({ process, ...pair, request, kind: 'delete' }, reply, outcome),
  );
}

async function performList(
  client: Client,
  process: number,
  step: Step & { do: 'list' },
  world: World,
): Promise<RecordedOperation[]> {
  const { by, limit } = step;
  const id = step.by === 'conference' ? world.conference : world[`${step.by}s`][step.index];
  const list = await readList(client, { by, id }, limit);
  const pairs = pairsOf(world, { [by]: id });
  checkForeignPairs(
    world,
    list.pages.flatMap((page) => [...page.pairs]),
  );

  const request = `list /${by}/${id}/attendance${limit === undefined ? '' : `?limit=${limit}`}`;
  const operations = pairs.flatMap((pair): RecordedOperation[] => {
    const covered = coverage(list, by === 'author' ? pair.event : pair.author, pairKey(pair.event, pair.author));
    if (!covered) return [];
    const { present, start, end } = covered;
    return [
      { ...pair, process, start, end, kind: 'read', outcome: present ? 'present' : 'absent', request, status: 200 },
    ];
  });
  if (!list.failed) return operations;
  // also for the pairs of earlier pages, because a missing entity has no pairs
  const reply = list.failed;
  const outcome = outcomeOf({ kind: 'read', [by]: id }, reply);
  return [...operations, ...pairs.map((pair) => recorded({ process, ...pair, request, kind: 'read' }, reply, outcome))];
}

function recorded(
  operation: { process: number; event: string; author: string; request: string; kind: Kind },
  { start, end, status }: Reply<unknown>,
  outcome: Outcome,
): RecordedOperation {
  const { process, event, author, request, kind } = operation;
  return { event, author, process, start, end, kind, outcome, request, status };
}

/** Returns the pairs of a history, or those of one of its events or authors. */
function pairsOf(world: World, entity: { event?: string; author?: string }): { event: string; author: string }[] {
  return world.events
    .flatMap((event) => world.authors.map((author) => ({ event, author })))
    .filter(({ event, author }) => event === (entity.event ?? event) && author === (entity.author ?? author));
}

/** @throws if a pair belongs to two histories: no client adds such a pair */
function checkForeignPairs({ events, authors }: World, pairs: string[]): void {
  for (const pair of pairs) {
    const [event = '', author = ''] = pair.split(' ');
    if (events.includes(event) !== authors.includes(author)) throw new Error(`no client added ${pair}`);
  }
}
