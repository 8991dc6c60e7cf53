import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { NotExecuted, overFetch, Unknown } from 'many-to-many';

const body = { items: [{ request_ids: ['request-1'] }] };

/** Calls a server that handles requests with `onRequest`. @returns the error of the call */
async function failureAt(onRequest: (socket: Socket) => void, { timeoutMs = 5_000 } = {}): Promise<unknown> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => onRequest(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await overFetch(`http://127.0.0.1:${port}`, { timeoutMs })('readPairs', body).catch(
      (error: unknown) => error,
    );
  } finally {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  }
}

describe('a call over fetch', () => {
  it('is not executed if the connection is refused', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const failure = await overFetch(`http://127.0.0.1:${port}`)('readPairs', body).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NotExecuted).with.property('message').that.includes('ECONNREFUSED');
  });

  it('is not executed if the connection cannot be made for whatever reason', async () => {
    // the system refuses to connect to a broadcast address
    const failure = await overFetch('http://255.255.255.255')('readPairs', body).catch((error: unknown) => error);
    expect(failure)
      .to.be.instanceOf(NotExecuted)
      .with.property('message')
      .that.matches(/E(ACCES|NETUNREACH)/);
  });

  it('is unknown and was reset if the connection ends before the answer', async () => {
    const ended = await failureAt((socket) => socket.destroy());
    expect(ended).to.be.instanceOf(Unknown).with.property('wasReset', true);
    const reset = await failureAt((socket) => socket.resetAndDestroy());
    expect(reset).to.be.instanceOf(Unknown).with.property('wasReset', true);
  });

  it('is unknown but was not reset if no answer comes in time', async () => {
    const late = await failureAt(() => undefined, { timeoutMs: 50 });
    expect(late).to.be.instanceOf(Unknown).with.property('wasReset', false);
  });

  it('is unknown if the answer is a redirect or no JSON', async () => {
    const answers = [
      'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy',
      'HTTP/1.1 307 Temporary Redirect\r\nlocation: /\r\ncontent-length: 0\r\n\r\n',
    ];
    for (const answer of answers) {
      const failure = await failureAt((socket) => socket.end(answer));
      expect(failure).to.be.instanceOf(Unknown).with.property('wasReset', false);
    }
  });
});
