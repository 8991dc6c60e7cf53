import { closeOldConnections } from '@attendance/common/http/connectionAge';
import { expect } from 'chai';
import Koa from 'koa';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

describe('the age of a connection', () => {
  /** Sends requests one after the other through an agent that keeps its connection. @returns how many connections it took */
  async function connectionsOf(requests: number, maxAgeMs: number): Promise<number> {
    const koa = new Koa().use(closeOldConnections({ maxAgeMs })).use((ctx) => {
      ctx.body = 'ok';
    });
    let connections = 0;
    const server = koa.listen(0, '127.0.0.1').on('connection', () => (connections += 1));
    await once(server, 'listening');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (let i = 0; i < requests; i++) {
        const request = get({ agent, port: (server.address() as AddressInfo).port });
        const [response] = (await once(request, 'response')) as [IncomingMessage];
        expect(await text(response)).to.equal('ok');
      }
    } finally {
      agent.destroy();
      server.close();
    }
    return connections;
  }

  it('is bounded: an old connection is closed with an answer, and no request fails', async () => {
    // every second request finds its connection too old
    expect(await connectionsOf(20, 0)).to.equal(10);
  });

  it('is not reached by a young connection', async () => {
    expect(await connectionsOf(20, 3_600_000)).to.equal(1);
  });
});
