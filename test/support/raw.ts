import { once } from 'node:events';
import { connect } from 'node:net';

/** One answer of a server, final or interim. */
export interface RawAnswer {
  status: number;
  /** By names in lower case. */
  headers: Record<string, string>;
  body: string;
}

export interface Exchange {
  answers: RawAnswer[];
  /** What followed the last whole answer. */
  rest: string;
  /** Whether the server ended the connection. */
  ended: boolean;
}

interface ExchangeOptions {
  /** Ends the client's side once everything is sent. */
  ends?: boolean;
  /** Whether enough has come; else everything until the server ends the connection. */
  enough?: (answers: RawAnswer[]) => boolean;
}

/** Sends bytes on a connection of their own, and reads answers without an HTTP client that knows better. */
export async function exchange(url: string, bytes: string, { ends, enough }: ExchangeOptions = {}): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }).setEncoding('latin1');
  const isHead = bytes.startsWith('HEAD');
  let text = '';
  let ended = false;
  const read = () => parse(text, isHead);
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (enough?.(read().answers)) socket.destroy();
  });
  socket.on('end', () => {
    ended = true;
    socket.destroy();
  });
  // a reset ends the exchange as well; what came before it shows
  socket.on('error', () => socket.destroy());
  socket.write(bytes, 'latin1');
  if (ends) socket.end();
  await once(socket, 'close');
  return { ...read(), ended };
}

function parse(text: string, isHead: boolean): { answers: RawAnswer[]; rest: string } {
  const answers: RawAnswer[] = [];
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const [first = '', ...lines] = rest.slice(0, Math.max(end, 0)).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    if (end < 0 || !status) return { answers, rest };
    const headers = Object.fromEntries(lines.map(fieldOf));
    const length = isHead || status < 200 || status === 204 ? 0 : Number(headers['content-length']);
    const from = end + 4;
    if (!(rest.length >= from + length)) return { answers, rest };
    answers.push({ status, headers, body: Buffer.from(rest.slice(from, from + length), 'latin1').toString() });
    rest = rest.slice(from + length);
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
