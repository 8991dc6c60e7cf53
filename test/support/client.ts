import http, { type IncomingHttpHeaders } from 'node:http';
import type { Author, Conference, Event } from '@attendance/common/contract/entities';
import type { ProblemDocument } from '@attendance/common/contract/problems';
import { micros } from './history.ts';

interface Parsed<Body> {
  /** The parsed body of a 2xx that has one. */
  body?: Body;
  /** The parsed body of any other answer. */
  problem?: ProblemDocument;
}

/** The result of a request. A request never throws, whatever its status and even without an answer. */
export interface Reply<Body> extends Parsed<Body> {
  /** Null if no complete answer arrived: the connection was refused or reset, or the time ran out. */
  status: number | null;
  headers: IncomingHttpHeaders;
  /** The body, not parsed. */
  text: string;
  /** Set if no complete answer arrived. */
  error?: Error;
  /** Microseconds of `micros()`: before the request was sent, and after the answer had arrived. End is null without one. */
  start: number;
  end: number | null;
}

interface RequestOptions {
  /** Sent as JSON, except for a string or bytes, which are sent unchanged. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface PageOptions {
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Attendance {
  event: Event;
  author: Author;
}

interface EventAttendance {
  event: Event;
  attendees: Author[];
  next_cursor: string | null;
}

interface AuthorAttendance {
  author: Author;
  events: Event[];
  next_cursor: string | null;
}

interface ConferenceAttendance {
  conference: Conference;
  attendees: { author: Author; events: string[] }[];
  next_cursor: string | null;
}

export type Client = ReturnType<typeof createClient>;

/**
 * Creates a client of the gateway's public contract.
 * @param gateway the base URL, such as `http://127.0.0.1:8090`
 * @param timeout milliseconds to wait for a complete answer
 */
export function createClient({ gateway, timeout = 60_000 }: { gateway: string; timeout?: number }) {
  const { hostname, port } = new URL(gateway);
  const agent = new http.Agent({ keepAlive: true });

  function request<Body = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<Reply<Body>> {
    const { payload, headers } = encode(options);
    // rounded outwards: an interval may be too long for the checker, but never too short
    const start = Math.floor(micros());
    return new Promise((resolve) => {
      const fail = (error: Error) => {
        clearTimeout(timer);
        resolve({ status: null, headers: {}, text: '', error, start, end: null });
      };
      const sent = http.request({ hostname, port, path, method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(timer);
          const end = Math.ceil(micros());
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          resolve({ status, headers: response.headers, text, ...(parse(status, text) as Parsed<Body>), start, end });
        });
      });
      const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
      sent.on('error', fail);
      sent.end(payload);
    });
  }

  const get = <Body>(path: string, page: PageOptions = {}) => request<Body>('GET', path + query(page));
  const post = <Body>(path: string, body?: unknown) => request<Body>('POST', path, { body });
  const remove = (path: string) => request<never>('DELETE', path);
  const pair = (event: string, author: string) => `/event/${event}/attendance/${author}`;

  return {
    url: gateway,
    request,
    createAuthor: (full_name: string) => post<Author>('/author', { full_name }),
    createConference: (acronym: string) => post<Conference>('/conference', { acronym }),
    createEvent: (conference_id: string, seq: number) => post<Event>('/event', { conference_id, seq }),
    getAuthor: (id: string) => get<Author>(`/author/${id}`),
    getConference: (id: string) => get<Conference>(`/conference/${id}`),
    getEvent: (id: string) => get<Event>(`/event/${id}`),
    listAuthors: (page?: PageOptions) => get<Page<Author>>('/author', page),
    listConferences: (page?: PageOptions) => get<Page<Conference>>('/conference', page),
    listEvents: (conference_id: string, page: PageOptions = {}) =>
      request<Page<Event>>('GET', `/event${query({ conference_id, ...page })}`),
    deleteAuthor: (id: string) => remove(`/author/${id}`),
    deleteConference: (id: string) => remove(`/conference/${id}`),
    deleteEvent: (id: string) => remove(`/event/${id}`),
    addAttendance: (event: string, author: string) => post<Attendance>(pair(event, author)),
    getAttendance: (event: string, author: string) => get<Attendance>(pair(event, author)),
    removeAttendance: (event: string, author: string) => remove(pair(event, author)),
    listEventAttendance: (id: string, page?: PageOptions) => get<EventAttendance>(`/event/${id}/attendance`, page),
    listAuthorAttendance: (id: string, page?: PageOptions) => get<AuthorAttendance>(`/author/${id}/attendance`, page),
    listConferenceAttendance: (id: string, page?: PageOptions) =>
      get<ConferenceAttendance>(`/conference/${id}/attendance`, page),
    close: () => agent.destroy(),
  };
}

function encode({ body, headers = {} }: RequestOptions): { payload: string | Buffer; headers: Record<string, string> } {
  if (body === undefined) return { payload: '', headers };
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const length = headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(payload).toString() };
  return { payload, headers: { 'content-type': 'application/json', ...length, ...headers } };
}

function parse(status: number, text: string): { body?: unknown; problem?: ProblemDocument } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  return status >= 200 && status < 300 ? { body: value } : { problem: value as ProblemDocument };
}

function query(parameters: Record<string, string | number | undefined> | PageOptions): string {
  const defined = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return defined.length === 0 ? '' : `?${new URLSearchParams(defined as [string, string][]).toString()}`;
}
