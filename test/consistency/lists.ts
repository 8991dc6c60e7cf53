import type { Client, PageOptions, Reply } from '../support/client.ts';

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

type Content = Pick<ListPage, 'keys' | 'pairs'> & { next: string | null };

export const pairKey = (event: string, author: string): string => `${event} ${author}`;

/**
 * Follows a list from its first page to its last.
 * @throws where the list is not in order, tells something twice, or does not end
 */
export async function walkList(client: Client, list: List, limit: number | undefined): Promise<Walk> {
  const pages: ListPage[] = [];
  let cursor: string | undefined;
  while (pages.length < 1000) {
    const { reply, content } = await readPage(client, list, { limit, cursor });
    if (!content || reply.end === null) return { pages, complete: false, broken: reply };
    const { keys, pairs, next } = content;
    pages.push({ start: reply.start, end: reply.end, keys, pairs });
    checkOrder(pages.flatMap((page) => page.keys));
    if (next === null) return { pages, complete: true, broken: undefined };
    cursor = next;
  }
  throw new Error('the list does not end');
}

async function readPage(client: Client, { by, id }: List, page: PageOptions) {
  if (by === 'event') {
    const reply = await client.listEventAttendance(id, page);
    return { reply, content: reply.body && ofEvent(id, reply.body.attendees, reply.body.next_cursor) };
  }
  if (by === 'author') {
    const reply = await client.listAuthorAttendance(id, page);
    return { reply, content: reply.body && ofAuthor(id, reply.body.events, reply.body.next_cursor) };
  }
  const reply = await client.listConferenceAttendance(id, page);
  return { reply, content: reply.body && ofConference(reply.body.attendees, reply.body.next_cursor) };
}

function ofEvent(event: string, attendees: { id: string }[], next: string | null): Content {
  const keys = attendees.map(({ id }) => id);
  return { keys, pairs: new Set(keys.map((author) => pairKey(event, author))), next };
}

function ofAuthor(author: string, events: { id: string }[], next: string | null): Content {
  const keys = events.map(({ id }) => id);
  return { keys, pairs: new Set(keys.map((event) => pairKey(event, author))), next };
}

function ofConference(attendees: { author: { id: string }; events: string[] }[], next: string | null): Content {
  const pairs = attendees.flatMap(({ author, events }) => events.map((event) => pairKey(event, author.id)));
  return { keys: attendees.map(({ author }) => author.id), pairs: new Set(pairs), next };
}

function checkOrder(keys: string[]): void {
  for (const [i, key] of keys.entries()) {
    const before = keys[i - 1];
    if (before !== undefined && before >= key) throw new Error(`the list tells ${key} after ${before}`);
  }
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
