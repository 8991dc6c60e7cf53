import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createRandom } from 'many-to-many/testing';
import { TcpProxy } from '../../test/support/tcpProxy.ts';
import { breakEdge } from './network.ts';
import { edgeFaults, type EdgeFault } from './plan.ts';

describe('the count of effects of a fault', () => {
  let echo: Server;
  let proxy: TcpProxy;
  beforeEach(async () => {
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await new TcpProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }).start();
  });
  afterEach(() => {
    proxy.stop();
    echo.close();
  });

  async function connected(): Promise<Socket> {
    const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    socket.write('before');
    await once(socket, 'data');
    return socket;
  }

  async function strike(kind: EdgeFault, during: () => Promise<void> = () => Promise.resolve()): Promise<number> {
    let struck = 0;
    const heal = breakEdge(proxy, kind, createRandom(1), () => struck++);
    await during();
    await heal();
    return struck;
  }

  for (const kind of edgeFaults)
    it(`is 0 for ${kind} without connections`, async () => {
      expect(await strike(kind)).to.equal(0);
    });

  it('includes each reset connection', async () => {
    const sockets = [await connected(), await connected()];
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    expect(await strike('refuse')).to.equal(2);
    await Promise.all(closed);
    expect(await strike('refuse'), 'no connection is left').to.equal(0);
    (await connected()).destroy();
  });

  it('includes each chunk that a black hole delayed', async () => {
    const socket = await connected();
    let received = '';
    socket.on('data', (bytes: Buffer) => (received += bytes.toString()));
    const struck = await strike('blackhole', async () => {
      socket.write('late');
      await sleep(100);
      expect(received).to.equal('');
    });
    expect(struck).to.equal(1);
    while (received === '') await sleep(10);
    expect(received).to.equal('late');
    socket.destroy();
  });
});
