import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Bytes on their way through the proxy. */
export interface Passage {
  /** Whether they come from the side that connected. */
  direction: 'request' | 'answer';
  bytes: Buffer;
  /** Lets these go on. */
  pass: (bytes: Buffer) => void;
  /** Resets the connection, on both sides. */
  cut: () => void;
}

/** What becomes of bytes; the next ones of the same direction wait until it is done. */
export type PassageBehaviour = (passage: Passage) => Promise<void> | void;

const passOn: PassageBehaviour = ({ bytes, pass }) => pass(bytes);

/** Stands in the way of connections, to PostgreSQL or a service, and makes the network misbehave on request. */
export class TcpProxy {
  port = 0;
  /** Connections that were ever made through it. */
  accepted = 0;
  #open = 0;
  #frozen = false;
  #behaviour = passOn;
  readonly #sockets = new Set<Socket>();
  readonly #server;

  /** @param target where a new connection goes on to, at the moment it is made; a port of 0 is nowhere */
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

  /** Listens, where it listened before. */
  async accept(): Promise<void> {
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /**
   * Refuses connections, and resets those there are.
   * @returns how many those were
   */
  refuse(): number {
    const open = this.#open;
    this.stop();
    return open;
  }

  /** Nothing passes any more, in either direction, on old connections and new ones. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was held back passes. */
  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Lets this behaviour decide about all bytes, on old connections and new ones. */
  on(behaviour: PassageBehaviour): void {
    this.#behaviour = behaviour;
  }

  /** Lets all bytes pass again. */
  heal(): void {
    this.#behaviour = passOn;
  }

  /** Resets every connection. */
  cut(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  stop(): void {
    this.#server.close();
    this.cut();
  }

  #join(from: Socket, to: Socket, direction: Passage['direction']): void {
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
      // what was sent before still arrives
      void passed.then(() => to.destroy());
    });
    if (this.#frozen) from.pause();
  }
}

/** A connection that is being ended cannot be reset any more: Node would leave it open, and never exit. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
