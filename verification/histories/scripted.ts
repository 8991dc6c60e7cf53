import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type Client } from '../../test/support/client.ts';

/** An answer. A string is sent as the body, any other value as JSON. */
export interface ScriptedAnswer {
  status: number;
  body?: unknown;
}

export interface Scripted {
  client: Client;
  stop: () => void;
}

/** Starts a gateway that gives these answers in order, and repeats the last one. */
export async function startScripted(...answers: ScriptedAnswer[]): Promise<Scripted> {
  let next = 0;
  const server = http.createServer((_request, response) => {
    const { status, body } = answers[Math.min(next++, answers.length - 1)]!;
    response.writeHead(status).end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createClient({ gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const stop = () => {
    client.close();
    server.close().closeAllConnections();
  };
  return { client, stop };
}
