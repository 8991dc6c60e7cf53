import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** One request on its way from the gateway to an owner. */
export interface Exchange {
  /** Such as `/internal/relation/insertClaims`. */
  path: string;
  /** Delivers the request; may be called again, and after the gateway has given up. */
  deliver: () => Promise<Reply>;
  /** Gives the gateway this answer. */
  answer: (reply: Reply) => void;
  /** Cuts the gateway's connection without an answer. */
  reset: () => void;
}

/** What becomes of an exchange; unless told otherwise the answer goes back as it is. */
export type Behaviour = (exchange: Exchange) => Promise<void> | void;

const passOn: Behaviour = async (exchange) => exchange.answer(await exchange.deliver());

/** Stands between the gateway and an owner, over real HTTP, and makes the network misbehave on request. */
export class FaultProxy {
  url = '';
  #behaviour = passOn;
  readonly #sockets = new Set<Socket>();
  readonly #target: () => string;
  readonly #server = http.createServer((request, response) => void this.#handle(request, response));

  /** Of its own, because an HTTP server that closes destroys idle connections at once. */
  readonly #listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    this.#server.emit('connection', socket);
  });

  constructor(target: () => string) {
    this.#target = target;
  }

  async start(): Promise<this> {
    this.#server.keepAliveTimeout = 60_000;
    await this.up();
    return this;
  }

  /**
   * Refuses connections, and ends those there are.
   * @returns when the gateway has closed its end of each: it cannot send a request into a connection that is gone
   */
  async down(): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const socket of this.#sockets) socket.end();
    await closed;
  }

  /** Listens, where it listened before. */
  async up(): Promise<void> {
    this.#listener.listen(this.url ? Number(new URL(this.url).port) : 0, '127.0.0.1');
    await once(this.#listener, 'listening');
    this.url = `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /**
   * Lets this behaviour decide about the requests whose path ends so; the others pass.
   * @param pathEnd of requests that only the test causes: the gateway's reconciler asks for `/internal/copy/digest-claims`
   * and others all the time
   */
  on(pathEnd: `/${string}`, behaviour: Behaviour): void {
    this.#behaviour = (exchange) => (exchange.path.endsWith(pathEnd) ? behaviour(exchange) : passOn(exchange));
  }

  /** Lets this behaviour decide about every request, those of the gateway's reconciler among them. */
  onEvery(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  /** Lets every request pass again. */
  heal(): void {
    this.#behaviour = passOn;
  }

  stop(): void {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const reset = () => request.socket.resetAndDestroy();
    const exchange: Exchange = {
      path: request.url!,
      deliver: () => deliver(this.#target(), request, Buffer.concat(chunks)),
      answer: ({ status, headers, body }) => {
        for (const name of ['content-type', 'location', 'x-request-id'])
          if (headers[name]) response.setHeader(name, headers[name]);
        response.writeHead(status).end(body);
      },
      reset,
    };
    try {
      await this.#behaviour(exchange);
    } catch {
      // the owner refused the connection, or broke it
      reset();
    }
  }
}

async function deliver(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Reply> {
  const forwarded = http.request(new URL(url!, target), { method: method!, headers, agent: false });
  forwarded.end(body);
  const [response] = (await once(forwarded, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) };
}
