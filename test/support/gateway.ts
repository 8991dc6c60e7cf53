import { createClient, type Client, type Reply } from './client.ts';
import { askForSharedSystem } from './sharedSystem.ts';

/**
 * Creates a client for tests of the public contract: a client of the gateway at GATEWAY_URL if it is set, else of the
 * shared system.
 */
export function useGateway(): () => Client {
  let client: Client;
  before(async () => {
    const url = process.env.GATEWAY_URL || (await askForSharedSystem()).gateway;
    client = createClient({ gateway: url });
  });
  after(() => client.close());
  return () => client;
}

/** A UUID that no service has made. */
export const unknownId = '00000000-0000-7000-8000-000000000000';

/** Creates a conference with events, and authors, one by one: a gateway rejects too many requests in flight. */
export async function populate(client: Client, { events = 1, authors = 1 } = {}) {
  const conference = await expectSuccess(() => client.createConference('SWAT'));
  const createMany = async <E>(count: number, create: (i: number) => Promise<Reply<E>>) => {
    const all: E[] = [];
    while (all.length < count) all.push(await expectSuccess(() => create(all.length)));
    return all;
  };
  const created = {
    conference,
    events: await createMany(events, (i) => client.createEvent(conference.id, i + 1)),
    authors: await createMany(authors, (i) => client.createAuthor(`Author ${i}`)),
  };
  return { ...created, event: created.events[0]!, author: created.authors[0]! };
}

/** Sends a request up to ten times, until it is answered with another status than those to retry. */
export async function sendWithRetries<E>(send: () => Promise<Reply<E>>, { retryOn = [503] } = {}): Promise<Reply<E>> {
  let reply = await send();
  for (let tries = 1; retryOn.includes(reply.status ?? 0) && tries < 10; tries += 1) reply = await send();
  return reply;
}

/** @throws if the last answer has no body of a 2xx */
async function expectSuccess<E>(send: () => Promise<Reply<E>>, options?: { retryOn: number[] }): Promise<E> {
  const reply = await sendWithRetries(send, options);
  if (!reply.body) throw new Error(`the request failed: ${reply.status} ${reply.text}`);
  return reply.body;
}

/** Adds a pair. An add may also be repeated after a 504. */
export async function addPair(client: Client, event: { id: string }, author: { id: string }): Promise<void> {
  await expectSuccess(() => client.addAttendance(event.id, author.id), { retryOn: [503, 504] });
}

/** Reads a list to its end. A page may be empty and still have a next one. */
export async function readAllPages<Page extends { next_cursor: string | null }>(
  readPage: (cursor: string | undefined) => Promise<Reply<Page>>,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null | undefined; cursor !== null; cursor = pages.at(-1)!.next_cursor)
    pages.push(await expectSuccess(() => readPage(cursor ?? undefined)));
  return pages;
}
