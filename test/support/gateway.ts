import { createClient, type Client, type Reply } from './client.ts';
import { patient, startSystem } from './system.ts';

/**
 * A client of a running gateway, for tests that know nothing but the public contract: of the one that GATEWAY_URL
 * names, else of one that is started for them.
 */
export function useGateway(): () => Client {
  let client: Client;
  let stop: (() => Promise<void>) | undefined;
  before(async () => {
    const url = process.env.GATEWAY_URL;
    const system = url ? undefined : await startSystem({ direct: true, environment: patient });
    stop = system?.stop;
    client = createClient({ gateway: url || system!.gateway });
  });
  after(async () => {
    client.close();
    await stop?.();
  });
  return () => client;
}

/** Any UUID that no service has made. */
export const nobody = '00000000-0000-7000-8000-000000000000';

/** A fresh conference with some events, and some authors, made one after the other: a gateway sheds what is too much at once. */
export async function populate(client: Client, { events = 1, authors = 1 } = {}) {
  const conference = await insist(() => client.createConference('SWAT'));
  const many = async <E>(count: number, create: (i: number) => Promise<Reply<E>>) => {
    const all: E[] = [];
    while (all.length < count) all.push(await insist(() => create(all.length)));
    return all;
  };
  const all = {
    conference,
    events: await many(events, (i) => client.createEvent(conference.id, i + 1)),
    authors: await many(authors, (i) => client.createAuthor(`Author ${i}`)),
  };
  return { ...all, event: all.events[0]!, author: all.authors[0]! };
}

/** Repeats a request that was answered 503: the contract says that nothing was done, and that it may be repeated. */
export async function patiently<E>(ask: () => Promise<Reply<E>>, { repeated = [503] } = {}): Promise<Reply<E>> {
  let reply = await ask();
  for (let tries = 1; repeated.includes(reply.status ?? 0) && tries < 10; tries += 1) reply = await ask();
  return reply;
}

/** @throws where it is refused for good */
async function insist<E>(ask: () => Promise<Reply<E>>, { repeated = [503] } = {}): Promise<E> {
  const reply = await patiently(ask, { repeated });
  if (!reply.body) throw new Error(`not as asked: ${reply.status} ${reply.text}`);
  return reply.body;
}

/** Adds a pair. An add that was answered 504 may be repeated too, says the contract. */
export async function attend(client: Client, event: { id: string }, author: { id: string }): Promise<void> {
  await insist(() => client.addAttendance(event.id, author.id), { repeated: [503, 504] });
}

/** Walks a list to its end; a page may be empty and still have a next one. */
export async function walk<Page extends { next_cursor: string | null }>(
  page: (cursor: string | undefined) => Promise<Reply<Page>>,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null | undefined; cursor !== null; cursor = pages.at(-1)!.next_cursor)
    pages.push(await insist(() => page(cursor ?? undefined)));
  return pages;
}
