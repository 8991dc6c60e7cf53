import { z } from 'zod';
import type { Client, PageOptions, Reply } from '../../test/support/client.ts';

/** A list's page as far as it tells of pairs. */
export interface ListPage {
  start: number;
  end: number;
  /** What the list is ordered by, in the order it came: ids of authors, or of events where it is an author's. */
  keys: string[];
  /** `pairKey`s. */
  pairs: Set<string>;
}

export interface Walk {
  /** The pages that came, in full and in a row from the first. */
  pages: ListPage[];
  /** The last page came, so that the pages tell of every pair. */
  complete: boolean;
  /** The answer after those pages, where it was no page. */
  broken: Reply<unknown> | undefined;
}

export type List = { by: 'event' | 'author'; id: string } | { by: 'conference'; id: string };

export const pairKey = (event: string, author: string): string => `${event} ${author}`;

/**
 * Follows a list from its first page to its last.
 * @throws where a page is none of this list; where the list is not in order, tells something twice, or does not end
 */
export async function walkList(client: Client, list: List, limit: number | undefined): Promise<Walk> {
  const pages: ListPage[] = [];
  let cursor: string | undefined;
  while (pages.length < 1000) {
    const reply = await askForPage(client, list, { limit, cursor });
    if (reply.status !== 200 || reply.end === null) return { pages, complete: false, broken: reply };
    const { items, next } = parsePage(list, reply);
    const pairs = items.flatMap((item) => item.pairs);
    pages.push({ start: reply.start, end: reply.end, keys: items.map(({ key }) => key), pairs: new Set(pairs) });
    checkOrder(pages.flatMap((page) => page.keys));
    checkRepeats(pairs);
    if (next === null) return { pages, complete: true, broken: undefined };
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

/** Of which entity a page is, and its keys in the order they came, each with the pairs that it stands for. */
const pageBy = {
  event: z.object({ event: entity, attendees: z.array(entity), next_cursor }).transform((page) => ({
    of: page.event.id,
    items: page.attendees.map(({ id }) => ({ key: id, pairs: [pairKey(page.event.id, id)] })),
    next: page.next_cursor,
  })),
  author: z.object({ author: entity, events: z.array(entity), next_cursor }).transform((page) => ({
    of: page.author.id,
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
      of: page.conference.id,
      items: page.attendees.map(({ author, events }) => ({
        key: author.id,
        pairs: events.map((event) => pairKey(event, author.id)),
      })),
      next: page.next_cursor,
    })),
};

function parsePage({ by, id }: List, { body, text }: Reply<unknown>) {
  const page = pageBy[by].safeParse(body).data;
  if (page?.of !== id) throw new Error(`list by ${by} answered 200 with what is no page of ${id}: ${text}`);
  return page;
}

function checkOrder(keys: string[]): void {
  for (const [i, key] of keys.entries()) {
    const before = keys[i - 1];
    if (before !== undefined && before >= key) throw new Error(`the list tells ${key} after ${before}`);
  }
}

function checkRepeats(pairs: string[]): void {
  const twice = pairs.find((pair, i) => pairs.indexOf(pair) < i);
  if (twice !== undefined) throw new Error(`the list tells ${twice} twice`);
}

/**
 * What a walk tells of one pair, and when. A page covers the keys after the page before it, up to a horizon that
 * the client cannot see; so where a key is missing, any page from the last with a smaller key to the first with a
 * greater one may be the one that covered it, and the interval is that of all of them.
 * @returns undefined where no page is sure to have covered it
 */
export function coverage(
  walk: Walk,
  key: string,
  pair: string,
): { present: boolean; start: number; end: number } | undefined {
  const { pages } = walk;
  const holder = pages.find(({ keys }) => keys.includes(key));
  if (holder) return { present: holder.pairs.has(pair), start: holder.start, end: holder.end };
  const first = pages.findLast(({ keys }) => keys.some((other) => other < key)) ?? pages[0];
  const last =
    pages.find(({ keys }) => keys.some((other) => other > key)) ?? (walk.complete ? pages.at(-1) : undefined);
  return first && last && { present: false, start: first.start, end: last.end };
}
