import type { PageRequest } from '../../gateway/checkRequests.ts';
import type { Pair } from '../../relation.ts';
import type { PageRead } from './clientList.ts';
import type { ClientParts } from './clientParts.ts';
import type { Step } from './plan.ts';

type Page = Extract<PageRead, { outcome: 'found' }>;

/**
 * Reads a list from its first page to its last. A page says of each pair between its cursor and the next whether it is
 * present.
 * @returns whether it came to the end, or why it did not
 */
export async function readList(
  process: number,
  step: Step & { do: 'list' },
  requestId: string,
  parts: ClientParts,
): Promise<'read' | 'missing' | 'refused'> {
  const { world, scheduler, judge, gateways, trace } = parts;
  const list = parts.lists[step.by];
  if (!list) throw new Error(`no list by ${step.by}`);
  const { of } = list;
  const id = typeof of === 'string' ? (world.ids[of][step.index] ?? '') : of.id;
  const pairs = world.pairs.filter((pair) => typeof of !== 'string' || pair[of] === id);
  const compare = world[list.keys].copy.compareOwn;

  for (let after: string | null = null; ;) {
    const start = scheduler.tick();
    const request: Required<PageRequest> = { id, after, limit: step.limit };
    const page: PageRead | null | undefined = await gateways[step.gateway]?.ask((relation) =>
      list.read(relation, request, requestId),
    );
    if (!page || page.outcome === 'not_executed') return 'refused';
    const observe = (pair: Partial<Pair>, outcome: 'present' | 'absent' | 'missing') =>
      judge.observed(pair, { process, start, kind: 'read', list: step.by, outcome });
    if (page.outcome === 'entity_not_found') {
      trace?.(`client ${process}: ${requestId} missing`);
      if (typeof of !== 'string') judge.fault(`a list by ${step.by} is missing`);
      else {
        judge.missing({ side: of, id });
        observe({ [of]: id }, 'missing');
      }
      return 'missing';
    }
    trace?.(`client ${process}: ${requestId} ${page.items.length} items, ${page.next ? 'more' : 'end'}`);
    if (page.id !== id) judge.fault('a list is of another entity');
    const within = between({ after, until: page.next }, compare);
    for (const fault of faultsOf(page, { within, compare })) judge.fault(fault);
    judge.named(
      start,
      page.items.flatMap((item) => item.pairs),
    );
    const isListed = ({ left, right }: Pair) =>
      page.items.some((item) => item.pairs.some((pair) => pair.left === left && pair.right === right));
    for (const pair of pairs) if (within(pair[list.keys])) observe(pair, isListed(pair) ? 'present' : 'absent');
    if (page.next === null) return 'read';
    if (after !== null && compare(page.next, after) <= 0) {
      judge.fault('a list does not go on');
      return 'read';
    }
    after = page.next;
  }
}

type Compare = (a: string, b: string) => number;

/** A page tells of the keys after its cursor and up to the next one. */
function between({ after, until }: { after: string | null; until: string | null }, compare: Compare) {
  return (key: string) => (after === null || compare(key, after) > 0) && (until === null || compare(key, until) <= 0);
}

function faultsOf({ items }: Page, { within, compare }: { within: (key: string) => boolean; compare: Compare }) {
  const keys = items.map(({ key }) => key);
  return [
    ...(keys.every(within) ? [] : ['a page lists keys outside of it']),
    ...(keys.every((key, i) => i === 0 || compare(key, keys[i - 1] ?? '') > 0) ? [] : ['a page is not in order']),
  ];
}
