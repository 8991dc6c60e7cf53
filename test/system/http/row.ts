import type { ProblemCode } from '@attendance/common/contract/problems';

export type Service = 'gateway' | 'author' | 'conference';

/** What a client sends, and what every service does with it. A row of docs/http.md. */
export interface Row {
  /** RFC and section, such as `9112 3.2`. */
  section: string;
  what: string;
  /**
   * The bytes of each variant, as latin1; each gets a connection of its own. `<list>` stands for the path of a list of
   * entities, `<member>` for the member of a body that creates one, `<json>` for that body, `<length>` and `<hex>` for its
   * length, and `<rest>` for the length of all that follows the head.
   */
  send: string[];
  /** The status of each final answer: more than one if several requests are sent. */
  status: number | number[];
  /** Of the problem; a success has none. */
  code?: ProblemCode;
  /** The path of the problem's only fault. */
  path?: string | RegExp;
  /** Whether the service closes the connection after its last answer, or after that to some of the variants. */
  closes?: true | 'some';
  /** Header fields of the last answer. */
  headers?: Record<string, string | RegExp>;
  /** Interim answers before the first final one. */
  interim?: number[];
  /** The client ends its side of the connection after it has sent everything. */
  ends?: true;
  /** The services that have what the row is about; all of them unless given. */
  at?: Service[];
  /** Takes as long as a slow client may; tried on a gateway for which that is short. */
  slow?: true;
  /** Also true of the management port, where `<list>` is `/healthz`. */
  everywhere?: true;
  /** Added to the document. */
  note?: string;
}

export const host = 'Host: a.example\r\n';
export const json = 'Content-Type: application/json\r\n';

/** A GET with further header lines, each of which ends with CRLF. */
export const get = (target: string, lines = '', version = 'HTTP/1.1') =>
  `GET ${target} ${version}\r\n${host}${lines}\r\n`;

/** A request of a method without a body. */
export const call = (method: string, target: string, lines = '') =>
  `${method} ${target} HTTP/1.1\r\n${host}${lines}\r\n`;

/** A POST that creates an entity, with these header lines and bytes of a body. */
export const post = (lines: string, body = '<json>', version = 'HTTP/1.1') =>
  `POST <list> ${version}\r\n${host}${lines}\r\n${body}`;

/** A UUID that no service has made. */
export const nobody = '00000000-0000-7000-8000-000000000000';
