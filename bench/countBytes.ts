import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

export interface Wire {
  url: string;
  /** So many have passed, in both directions together. */
  bytes: () => number;
  stop: () => void;
}

/** Stands in the way of every connection to a service, and counts. */
export async function countBytes(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  let bytes = 0;
  const server = createServer((client) => {
    const service = connect(Number(port), hostname);
    const count = (chunk: Buffer) => (bytes += chunk.length);
    client.on('data', count).on('error', () => service.destroy());
    service.on('data', count).on('error', () => client.destroy());
    client.pipe(service).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    stop: () => server.close(),
  };
}
