import { z } from 'zod';
import type { Client, PageOptions, Reply } from '../../test/support/client.ts';

/** One page of a list. */
interface ListPage {
  start: number;
  end: number;
  /** The ids in the order of the page: of authors, or of events in a list by author. */
  keys: string[];
  /** `pairKey`s. */
  pairs: Set<string>;
}

/** The pages of a list from the first. */
export interface ListRead {
  /** The answered pages, without a gap. */
  pages: ListPage[];
  /** Whether the last page was answered, so that the pages cover every pair. */
  complete: boolean;
  /** The answer after these pages if it is not a page. */
  failed: Reply<unknown> | undefined;
}

export type List = { by: 'event' | 'author'; id: string } | { by: 'conference'; id: string };

export const pairKey = (event: string, author: string): string => `${event} ${author}`;

/**
 * Reads a list from its first page to its last.
 * @throws if a page belongs to another list, or the list is out of order, has duplicates or does not end
 */
export async function readList(client: Client, list: List, limit: number | undefined): Promise<ListRead> {
  const pages: ListPage[] = [];
  let cursor: string | undefined;
  while (pages.length < 1000) {
    const reply = await askForPage(client, list, { limit, cursor });
    if (reply.status !== 200 || reply.end === null) return { pages, complete: false, failed: reply };
    const { items, next } = parsePage(list, reply);
    const pairs = items.flatMap((item) => item.pairs);
    pages.push({ start: reply.start, end: reply.end, keys: items.map(({ key }) => key), pairs: new Set(pairs) });
    checkOrder(pages.flatMap((page) => page.keys));
    checkDuplicates(pairs);
    if (next === null) return { pages, complete: true, failed: undefined };
    cursor = next;
  }
  throw new Error('the list does not end');
}

function askForPage(client: Client, { by, id }: List, page: PageOptions): Promise<Reply<unknown>> {
  if (by === 'event') return client.listEventAttendance(id, page);
  return by === 'author' ? client.listAuthorAttendance(id, page) : client.listConferenceAttendance(id, page);
}

const entity = z.object({ id: z.string() });
const next_cursor = z.string().nullable();

/** Parses a page into the id of its entity, and its keys with their pairs, in order. */
const pageBy = {
  event: z.object({ event: entity, attendees: z.array(entity), next_cursor }).transform((page) => ({
    entityId: page.event.id,
    items: page.attendees.map(({ id }) => ({ key: id, pairs: [pairKey(page.event.id, id)] })),
    next: page.next_cursor,
  })),
  author: z.object({ author: entity, events: z.array(entity), next_cursor }).transform((page) => ({
    entityId: page.author.id,
    items: page.events.map(({ id }) => ({ key: id, pairs: [pairKey(id, page.author.id)] })),
    next: page.next_cursor,
  })),
  conference: z
    .object({
      conference: entity,
      attendees: z.array(z.object({ author: entity, events: z.array(z.string()) })),
      next_cursor,
    })
    .transform((page) => ({
      entityId: page.conference.id,
      items: page.attendees.map(({ author, events }) => ({
        key: author.id,
        pairs: events.map((event) => pairKey(event, author.id)),
      })),
      next: page.next_cursor,
    })),
};

function parsePage({ by, id }: List, { body, text }: Reply<unknown>) {
  const page = pageBy[by].safeParse(body).data;
  if (page?.entityId !== id)
    throw new Error(`list by ${by} answered 200 with something that is not a page of ${id}: ${text}`);
  return page;
}

function checkOrder(keys: string[]): void {
  for (const [i, key] of keys.entries()) {
    const before = keys[i - 1];
    if (before !== undefined && before >= key) throw new Error(`the list has ${key} after ${before}`);
  }
}

function checkDuplicates(pairs: string[]): void {
  const twice = pairs.find((pair, i) => pairs.indexOf(pair) < i);
  if (twice !== undefined) throw new Error(`the list has ${twice} twice`);
}

/**
 * Decides whether a list had a pair, and when. A page covers the keys after the previous page, up to a horizon that the
 * client does not know. If a key is missing, any page from the last with a smaller key to the first with a greater key
 * may have covered it, so the interval spans all of them.
 * @returns undefined if no page is certain to have covered it
 */
export function coverage(
  list: ListRead,
  key: string,
  pair: string,
): { present: boolean; start: number; end: number } | undefined {
  const { pages } = list;
  const holder = pages.find(({ keys }) => keys.includes(key));
  if (holder) return { present: holder.pairs.has(pair), start: holder.start, end: holder.end };
  const first = pages.findLast(({ keys }) => keys.some((other) => other < key)) ?? pages[0];
  const last =
    pages.find(({ keys }) => keys.some((other) => other > key)) ?? (list.complete ? pages.at(-1) : undefined);
  return first && last && { present: false, start: first.start, end: last.end };
}
