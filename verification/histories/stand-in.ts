import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { pairKey } from './lists.ts';
import type { Relation } from './relations.ts';

export interface StandIn {
  gateway: string;
  stop: () => Promise<void>;
}

interface Answer {
  status: number;
  body?: unknown;
}

type Handler = (ids: string[], body: Record<string, unknown>, query: URLSearchParams) => Answer | Promise<Answer>;

/** A bug in the lists of a stand-in gateway. */
export type ListBug =
  'skips a pair between two pages' | 'repeats the last pair of a page' | 'has a pair that was removed';

/** Starts a gateway in memory over a relation that may have a bug, to test the runner of histories. */
export async function startStandIn(relation: Relation, { listBug }: { listBug?: ListBug } = {}): Promise<StandIn> {
  const conferences = new Set<string>();
  const events = new Map<string, string>();
  const authors = new Set<string>();
  const requested = new Set<string>();
  const added = new Set<string>();
  let created = 0;

  /** Creates ids in ascending order, as the real system does. */
  const newId = () => `${(++created).toString(16).padStart(8, '0')}${randomUUID().slice(8)}`;

  function create(keep: (id: string) => void): Answer {
    const id = newId();
    keep(id);
    return { status: 201, body: { id } };
  }

  const attendance = (event: string, author: string) => ({
    event: { id: event, conference: { id: events.get(event) } },
    author: { id: author },
  });

  const missing = (event: string | undefined, author: string | undefined): Answer | undefined =>
    event !== undefined && !events.has(event)
      ? problem(404, 'event_not_found')
      : author !== undefined && !authors.has(author)
        ? problem(404, 'author_not_found')
        : undefined;

  /** Returns the events or authors of the pairs that clients tried to add. */
  function candidates(side: 'event' | 'author', matches: (event: string, author: string) => boolean): string[] {
    const pairs = [...requested].map((pair) => pair.split(' ') as [string, string]);
    const ids = pairs.filter((pair) => matches(...pair)).map(([event, author]) => (side === 'event' ? event : author));
    return [...new Set(ids)].sort();
  }

  /** Creates a page of the ids for which `find` returns an item. The cursor is the last id of the page. */
  async function page<T>(ids: string[], query: URLSearchParams, find: (id: string) => Promise<T | undefined>) {
    const cursor = query.get('cursor') ?? '';
    const repeatsLast = listBug === 'repeats the last pair of a page' && ids.includes(cursor);
    const rest = ids.filter((id) => id > cursor || (repeatsLast && id === cursor));
    const pageIds = rest.slice(0, Number(query.get('limit') ?? 50) + Number(repeatsLast));
    const found = await Promise.all(pageIds.map(find));
    const last = listBug === 'skips a pair between two pages' ? rest[pageIds.length] : pageIds.at(-1);
    const next_cursor = pageIds.length < rest.length ? last : null;
    return { items: found.filter((item) => item !== undefined), next_cursor };
  }

  async function hasListed(pair: string, direction: 'event' | 'author'): Promise<boolean> {
    const isPresent = await relation.has(pair, direction);
    return isPresent || (listBug === 'has a pair that was removed' && added.has(pair));
  }

  const routes: Record<string, Handler> = {
    'POST /conference': () => create((id) => conferences.add(id)),
    'POST /event': (_ids, body) => create((id) => events.set(id, String(body['conference_id']))),
    'POST /author': () => create((id) => authors.add(id)),
    'DELETE /event/:': ([event = '']) => (events.delete(event) ? { status: 204 } : problem(404, 'event_not_found')),
    'DELETE /author/:': ([author = '']) =>
      authors.delete(author) ? { status: 204 } : problem(404, 'author_not_found'),

    async 'POST /event/:/attendance/:'([event = '', author = '']) {
      requested.add(pairKey(event, author));
      // the event may be deleted before the answer
      const body = attendance(event, author);
      const status = await relation.add(pairKey(event, author), () => !missing(event, author));
      if (status === 404) return missing(event, author) ?? problem(500, 'internal_error');
      if (status > 500) return problem(status, 'not_executed');
      added.add(pairKey(event, author));
      return { status, body };
    },
    async 'DELETE /event/:/attendance/:'([event = '', author = '']) {
      const refusal = missing(event, author);
      if (refusal) return refusal;
      const status = await relation.remove(pairKey(event, author));
      return status === 204 ? { status } : problem(status, status === 404 ? 'attendance_not_found' : 'outcome_unknown');
    },
    async 'GET /event/:/attendance/:'([event = '', author = '']) {
      const isPresent = await relation.has(pairKey(event, author), 'event');
      if (!isPresent) return missing(event, author) ?? problem(404, 'attendance_not_found');
      return missing(event, author) ?? { status: 200, body: attendance(event, author) };
    },
    async 'GET /event/:/attendance'([event = ''], _body, query) {
      const { items, next_cursor } = await page(
        candidates('author', (of) => of === event),
        query,
        async (id) => ((await hasListed(pairKey(event, id), 'event')) && authors.has(id) ? { id } : undefined),
      );
      return (
        missing(event, undefined) ?? { status: 200, body: { event: { id: event }, attendees: items, next_cursor } }
      );
    },
    async 'GET /author/:/attendance'([author = ''], _body, query) {
      const { items, next_cursor } = await page(
        candidates('event', (_, of) => of === author),
        query,
        async (id) => ((await hasListed(pairKey(id, author), 'author')) && events.has(id) ? { id } : undefined),
      );
      return (
        missing(undefined, author) ?? { status: 200, body: { author: { id: author }, events: items, next_cursor } }
      );
    },
    async 'GET /conference/:/attendance'([conference = ''], _body, query) {
      const own = [...events].filter(([, of]) => of === conference).map(([event]) => event);
      const attendees = candidates('author', (event) => own.includes(event));
      const { items, next_cursor } = await page(attendees, query, async (id) => {
        const isPresent = await Promise.all(own.map((event) => hasListed(pairKey(event, id), 'event')));
        const attended = own.filter((event, i) => isPresent[i] && events.has(event) && authors.has(id));
        return attended.length > 0 ? { author: { id }, events: attended } : undefined;
      });
      return { status: 200, body: { conference: { id: conference }, attendees: items, next_cursor } };
    },
  };

  const server = http.createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const url = new URL(request.url ?? '/', 'http://stand-in');
      const ids = url.pathname.match(/[0-9a-f-]{36}/g) ?? [];
      const handler = routes[`${request.method ?? ''} ${url.pathname.replaceAll(/[0-9a-f-]{36}/g, ':')}`];
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const answer = handler ? await handler(ids, body, url.searchParams) : problem(404, 'route_not_found');
      response.writeHead(answer.status).end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    gateway: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

function problem(status: number, code: string): Answer {
  return { status, body: { code, status } };
}
