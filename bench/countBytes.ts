import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

interface ByteCounter {
  url: string;
  /** The number of bytes in both directions together. */
  bytes: () => number;
  stop: () => void;
}

/** Starts a TCP proxy in front of a service that counts bytes. */
export async function countBytes(target: string): Promise<ByteCounter> {
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
