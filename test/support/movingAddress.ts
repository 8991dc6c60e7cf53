import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A server, whose port is 0 while it does not run. */
interface Server {
  readonly host: string;
  readonly port: number;
}

/** Where new connections lead: to a server; `refused`: nowhere; `silent`: they are accepted and never answered. */
export type Destination = Server | 'refused' | 'silent';

/**
 * What becomes of the present connections: `cut`: both ends are reset; `silenced`: the client's end stays open, and
 * nothing passes any more, as if the server's machine were gone; `kept`: nothing.
 */
export type Present = 'cut' | 'silenced' | 'kept';

interface Connection {
  client: Socket;
  server: Socket | undefined;
}

/** An address that moves from server to server, as a virtual IP or a Service in Kubernetes does. */
export class MovingAddress {
  readonly host = '127.0.0.1';
  port = 0;
  #destination: Destination = 'refused';
  readonly #connections = new Set<Connection>();
  readonly #server = createServer({ noDelay: true }, (client) => this.#accept(client));

  async start(): Promise<this> {
    this.#server.listen(0, this.host);
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Leads new connections elsewhere. */
  lead(destination: Destination, present: Present): void {
    this.#destination = destination;
    if (present === 'cut') for (const connection of this.#connections) cut(connection);
    if (present === 'silenced') for (const connection of this.#connections) silence(connection);
  }

  stop(): void {
    this.#server.close();
    this.lead('refused', 'cut');
  }

  #accept(client: Socket): void {
    const destination = this.#destination;
    const connection: Connection = { client, server: undefined };
    this.#connections.add(connection);
    client.on('error', () => undefined);
    client.on('close', () => {
      this.#connections.delete(connection);
      connection.server?.destroy();
    });
    if (destination === 'silent') return;
    if (destination === 'refused' || destination.port === 0) return cut(connection);
    const server = connect({ host: destination.host, port: destination.port, noDelay: true });
    connection.server = server;
    server.on('error', () => undefined);
    server.on('close', () => {
      // a silenced connection has no server any more
      if (connection.server) cut(connection);
    });
    client.pipe(server);
    server.pipe(client);
  }
}

function cut({ client, server }: Connection): void {
  client.resetAndDestroy();
  server?.resetAndDestroy();
}

function silence(connection: Connection): void {
  const { client, server } = connection;
  connection.server = undefined;
  client.unpipe();
  client.pause();
  server?.unpipe();
  server?.resetAndDestroy();
}
