import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a pool and PostgreSQL, and makes the network misbehave on request. */
export class TcpProxy {
  port = 0;
  /** Connections that were ever made through it. */
  accepted = 0;
  #frozen = false;
  readonly #sockets = new Set<Socket>();
  readonly #server;

  constructor(target: { host: string; port: number }) {
    this.#server = createServer((client) => {
      this.accepted += 1;
      const server = connect(target.port, target.host);
      this.#join(client, server);
      this.#join(server, client);
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

  /** Refuses connections, and resets those there are. */
  refuse(): void {
    this.stop();
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

  /** Resets every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  stop(): void {
    this.#server.close();
    this.cut();
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => to.write(chunk));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#frozen) from.pause();
  }
}
