import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** One request from the gateway to an owner service. */
export interface Exchange {
  /** Such as `/internal/relation/insertClaims`. */
  path: string;
  /** Delivers the request. It may be called repeatedly, and after the gateway has given up. */
  deliver: () => Promise<Reply>;
  /** Answers the gateway. */
  answer: (reply: Reply) => void;
  /** Resets the gateway's connection. */
  reset: () => void;
}

/** Handles an exchange. The default passes the request and its answer on. */
export type Behaviour = (exchange: Exchange) => Promise<void> | void;

const passOn: Behaviour = async (exchange) => exchange.answer(await exchange.deliver());

/** An HTTP proxy between the gateway and an owner service that can delay, replace and lose requests and answers. */
export class FaultProxy {
  url = '';
  #behaviour = passOn;
  readonly #sockets = new Set<Socket>();
  readonly #target: () => string;
  readonly #server = http.createServer((request, response) => void this.#handle(request, response));

  /** A TCP server in front of the HTTP server, which would destroy idle connections when it closes. */
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
   * Ends all connections, and refuses new ones. Resolves when the gateway has closed its end of each connection, so that it
   * cannot send a request on a connection that has ended.
   */
  async down(): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const socket of this.#sockets) socket.end();
    await closed;
  }

  /** Listens again, on the same port. */
  async up(): Promise<void> {
    this.#listener.listen(this.url ? Number(new URL(this.url).port) : 0, '127.0.0.1');
    await once(this.#listener, 'listening');
    this.url = `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /**
   * Applies a behaviour to the requests whose path ends with `pathEnd`, and lets all others pass.
   * @param pathEnd must match no request of the gateway's reconciler, such as `/digestClaims`, unless it is disabled
   */
  on(pathEnd: `/${string}`, behaviour: Behaviour): void {
    this.#behaviour = (exchange) => (exchange.path.endsWith(pathEnd) ? behaviour(exchange) : passOn(exchange));
  }

  /** Applies a behaviour to every request, also to those of the gateway's reconciler. */
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
      // the owner service refused the connection, or reset it
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
