import type { Protocol } from '@attendance/gateway-service/protocol/protocol';
import type { ClientParts } from './clients.ts';
import type { Step } from './plan.ts';

type ListStep = Step & { do: 'list' };

/** What a page tells: keys in order, each with the pairs that it stands for. */
interface Page {
  outcome: string;
  root?: string;
  items: { key: string; pairs: { event: string; author: string }[] }[];
  next: string | null;
}

/**
 * Reads a list from its first page to its last; a page tells of the pairs between its cursor and the next.
 * @returns whether it came to the end, or why it did not
 */
export async function performList(
  process: number,
  step: ListStep,
  requestId: string,
  parts: ClientParts,
): Promise<'told' | 'missing' | 'refused'> {
  const { world, scheduler, judge, gateways, trace } = parts;
  const root = step.by === 'conference' ? world.series : (world[`${step.by}s`][step.index] ?? '');
  for (let after: string | null = null; ;) {
    const start = scheduler.tick();
    const page = await gateways[step.gateway]?.ask((protocol) =>
      readPage(protocol, step, { id: root, after }, requestId),
    );
    if (!page || page.outcome === 'not_executed') return 'refused';
    const told = { process, start, kind: 'read', list: step.by } as const;
    if (page.outcome === 'missing') {
      trace?.(`client ${process}: ${requestId} missing`);
      judge.missing(root);
      judge.told({ [step.by]: root }, { ...told, outcome: 'missing' });
      return 'missing';
    }
    trace?.(`client ${process}: ${requestId} ${page.items.length} items, ${page.next ? 'more' : 'end'}`);
    if (page.root !== root) judge.fault('a list is of another entity');
    judge.named(
      start,
      root,
      ...page.items.flatMap(({ pairs }) => pairs.flatMap(({ event, author }) => [event, author])),
    );
    const from = after ?? '';
    const to: string = page.next ?? '~';
    const present = new Set(page.items.flatMap(({ pairs }) => pairs.map(({ event, author }) => `${event} ${author}`)));
    for (const { key } of page.items) if (key <= from || key > to) judge.fault('a page tells what lies outside of it');
    if (page.items.some(({ key }, i) => i > 0 && key <= (page.items[i - 1]?.key ?? '')))
      judge.fault('a page is not in order');
    for (const pair of world.pairs) {
      const key = step.by === 'author' ? pair.event : pair.author;
      if ((step.by !== 'conference' && pair[step.by] !== root) || key <= from || key > to) continue;
      judge.told(pair, { ...told, outcome: present.has(`${pair.event} ${pair.author}`) ? 'present' : 'absent' });
    }
    if (page.next === null) return 'told';
    if (page.next <= from) {
      judge.fault('a list does not go on');
      return 'told';
    }
    after = page.next;
  }
}

async function readPage(
  protocol: Protocol,
  { by, limit }: ListStep,
  of: { id: string; after: string | null },
  requestId: string,
): Promise<Page> {
  const request = { ...of, limit };
  const none = { items: [], next: null };
  if (by === 'event') {
    const page = await protocol.listByEvent(request, requestId);
    if (page.outcome !== 'found') return { ...page, ...none };
    const items = page.items.map(({ id }) => ({ key: id, pairs: [{ event: of.id, author: id }] }));
    return { outcome: 'found', root: page.entity.id, items, next: page.next };
  }
  if (by === 'author') {
    const page = await protocol.listByAuthor(request, requestId);
    if (page.outcome !== 'found') return { ...page, ...none };
    const items = page.items.map(({ id }) => ({ key: id, pairs: [{ event: id, author: of.id }] }));
    return { outcome: 'found', root: page.entity.id, items, next: page.next };
  }
  const page = await protocol.listByConference(request, requestId);
  if (page.outcome !== 'found') return { ...page, ...none };
  const items = page.items.map(({ author, events }) => ({
    key: author.id,
    pairs: events.map((event) => ({ event, author: author.id })),
  }));
  return { outcome: 'found', root: page.entity.id, items, next: page.next };
}
