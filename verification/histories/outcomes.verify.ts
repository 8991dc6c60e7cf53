import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect } from 'chai';
import { createClient } from '../../test/support/client.ts';
import { outcomeOf } from './outcomes.ts';

const [event, author] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'];

describe('the outcome of a request without an answer', () => {
  let server: Server;
  let gateway: string;
  let requests: number;
  beforeEach(async () => {
    requests = 0;
    server = createServer((socket) =>
      socket.once('data', () => {
        requests += 1;
        socket.resetAndDestroy();
      }),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  async function allOutcomes(): Promise<string[]> {
    const client = createClient({ gateway, timeout: 2_000 });
    const outcomes = [
      outcomeOf({ kind: 'add', event, author }, await client.addAttendance(event, author)),
      outcomeOf({ kind: 'remove', event, author }, await client.removeAttendance(event, author)),
      outcomeOf({ kind: 'delete', event }, await client.deleteEvent(event)),
      outcomeOf({ kind: 'read', event, author }, await client.getAttendance(event, author)),
    ];
    client.close();
    return outcomes;
  }

  it('is refused if the connection was refused', async () => {
    server.close();
    await once(server, 'close');
    expect(await allOutcomes()).to.deep.equal(['refused', 'refused', 'refused', 'refused']);
  });

  it('is unknown for a write after a reset, without a repeat', async () => {
    expect(await allOutcomes()).to.deep.equal(['unknown', 'unknown', 'unknown', 'refused']);
    expect(requests).to.equal(4);
  });

  it('is unknown for a write after a timeout', async () => {
    server.removeAllListeners('connection');
    const client = createClient({ gateway, timeout: 100 });
    const reply = await client.addAttendance(event, author);
    expect(outcomeOf({ kind: 'add', event, author }, reply)).to.equal('unknown');
    client.close();
  });
});
