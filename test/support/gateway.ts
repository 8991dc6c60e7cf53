import { createClient, type Client, type Reply } from './client.ts';
import { startSystem } from './system.ts';

/**
 * A client of a running gateway, for tests that know nothing but the public contract: of the one that GATEWAY_URL
 * names, else of one that is started for them.
 */
export function useGateway(): () => Client {
  let client: Client;
  let stop: (() => Promise<void>) | undefined;
  before(async () => {
    const url = process.env.GATEWAY_URL;
    const system = url ? undefined : await startSystem({ direct: true });
    stop = system?.stop;
    client = createClient({ gateway: url ?? system!.gateway });
  });
  after(async () => {
    client.close();
    await stop?.();
  });
  return () => client;
}

/** Any UUID that no service has made. */
export const nobody = '00000000-0000-7000-8000-000000000000';

/** A fresh conference with some events, and some authors, made one by one: all at once are too many for a busy machine. */
export async function populate(client: Client, { events = 1, authors = 1 } = {}) {
  const conference = await made(() => client.createConference('SWAT'));
  const many = async <E>(count: number, create: (i: number) => Promise<Reply<E>>) => {
    const all: E[] = [];
    while (all.length < count) all.push(await made(() => create(all.length)));
    return all;
  };
  const all = {
    conference,
    events: await many(events, (i) => client.createEvent(conference.id, i + 1)),
    authors: await many(authors, (i) => client.createAuthor(`Author ${i}`)),
  };
  return { ...all, event: all.events[0]!, author: all.authors[0]! };
}

/** What was refused for now was certainly not made, and is asked for again. */
async function made<E>(create: () => Promise<Reply<E>>): Promise<E> {
  let reply = await create();
  for (let tries = 1; reply.status === 503 && tries < 10; tries += 1) reply = await create();
  if (!reply.body) throw new Error(`cannot create: ${reply.status} ${reply.text}`);
  return reply.body;
}

/** Walks a list to its end; a page may be empty and still have a next one. */
export async function walk<Page extends { next_cursor: string | null }>(
  page: (cursor: string | undefined) => Promise<Reply<Page>>,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null | undefined; cursor !== null; cursor = pages.at(-1)!.next_cursor)
    pages.push((await page(cursor)).body!);
  return pages;
}
