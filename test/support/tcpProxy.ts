import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A chunk of bytes that the proxy has received. */
interface Chunk {
  /** A request comes from the side that connected. */
  direction: 'request' | 'answer';
  bytes: Buffer;
  /** Sends these bytes on. */
  pass: (bytes: Buffer) => void;
  /** Resets both sides of the connection. */
  cut: () => void;
}

/** Handles a chunk. The next chunk of the same direction waits until the promise resolves. */
export type ChunkBehaviour = (chunk: Chunk) => Promise<void> | void;

const passOn: ChunkBehaviour = ({ bytes, pass }) => pass(bytes);

/** A TCP proxy in front of PostgreSQL or a service that can delay bytes, and refuse and reset connections. */
export class TcpProxy {
  readonly host = '127.0.0.1';
  port = 0;
  /** The number of connections since the start. */
  accepted = 0;
  #open = 0;
  #frozen = false;
  #behaviour = passOn;
  readonly #sockets = new Set<Socket>();
  readonly #server;

  /** @param target read for each new connection; a connection is reset if the port is 0 */
  constructor(target: { readonly host: string; readonly port: number }) {
    this.#server = createServer({ noDelay: true }, (client) => {
      this.accepted += 1;
      if (target.port === 0) {
        reset(client);
        return;
      }
      this.#open += 1;
      client.once('close', () => (this.#open -= 1));
      const server = connect({ port: target.port, host: target.host, noDelay: true });
      this.#join(client, server, 'request');
      this.#join(server, client, 'answer');
    });
  }

  async start(): Promise<this> {
    await this.accept();
    return this;
  }

  /** Listens again, on the same port. */
  async accept(): Promise<void> {
    this.#server.listen(this.port, this.host);
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /**
   * Resets all connections, and refuses new ones.
   * @returns the number of connections that were reset
   */
  refuse(): number {
    const open = this.#open;
    this.stop();
    return open;
  }

  /** Holds back all bytes of all connections, in both directions. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Releases the bytes that were held back. */
  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Applies a behaviour to all bytes of all connections. */
  on(behaviour: ChunkBehaviour): void {
    this.#behaviour = behaviour;
  }

  /** Lets all bytes pass again. */
  heal(): void {
    this.#behaviour = passOn;
  }

  cut(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  stop(): void {
    this.#server.close();
    this.cut();
  }

  #join(from: Socket, to: Socket, direction: Chunk['direction']): void {
    let passed = Promise.resolve();
    const pass = (bytes: Buffer) => void to.write(bytes);
    const cut = () => {
      reset(from);
      reset(to);
    };
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      passed = passed.then(() => this.#behaviour({ direction, bytes, pass, cut }));
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      // bytes that were sent earlier still arrive
      void passed.then(() => to.destroy());
    });
    if (this.#frozen) from.pause();
  }
}

/** Resets a connection. After `end()` a reset would keep the socket open and the process running, so it is destroyed. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
