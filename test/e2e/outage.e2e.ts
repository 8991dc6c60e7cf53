import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createClient, type Client } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { eventually } from './support/cluster.ts';
import { kubectl } from './support/command.ts';
import { forward, type Forwarded } from './support/portForward.ts';

describe('while the PostgreSQL pod is deleted', function () {
  let gateway: Forwarded;
  let client: Client;
  const adds: { event: string; author: string; status: number | null }[] = [];
  const count = (...statuses: (number | null)[]) => adds.filter(({ status }) => statuses.includes(status)).length;

  before(async () => {
    gateway = await forward('service/gateway-service', 8090);
    client = createClient({ gateway: gateway.url });
    const { events, authors } = await populate(client, { events: 30, authors: 60 });
    const pairs = events.flatMap((event) => authors.map((author) => ({ event: event.id, author: author.id })));

    let recovered = 0;
    let deleted = false;
    for (const [i, pair] of pairs.entries()) {
      const { status } = await client.addAttendance(pair.event, pair.author);
      adds.push({ ...pair, status });
      if (i === 20) {
        await kubectl('delete', 'pod', 'postgres-0', '--wait=false');
        deleted = true;
      }
      const failed = deleted && count(503, 504) > 0;
      recovered = failed && status === 201 ? recovered + 1 : 0;
      if (recovered > 50) break;
      await sleep(50);
    }
  });

  after(async () => {
    client.close();
    await gateway.stop();
  });

  it('adds are answered 201, 503 or 504, and 201 after the recovery', () => {
    process.stdout.write(`      201: ${count(201)}, 503: ${count(503)}, 504: ${count(504)}\n`);
    expect(count(201, 503, 504)).to.equal(adds.length);
    expect(count(503, 504)).to.be.above(0);
    expect(adds.at(-1)!.status).to.equal(201);
  });

  it('the pair of an add is visible after a 201, and not after a 503', async () => {
    for (const { event, author, status } of adds) {
      if (status === 504) continue;
      expect((await client.getAttendance(event, author)).status, `after ${status}`).to.equal(
        status === 201 ? 200 : 404,
      );
    }
  });

  it('no service has restarted', async () => {
    await kubectl('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
    const restarts = await kubectl(
      'get',
      'pods',
      '--output',
      'jsonpath={.items[*].status.containerStatuses[*].restartCount}',
    );
    expect(restarts).to.match(/^[0 ]+$/);
  });

  it('an add is final 60 s after a 504', async () => {
    const unknown = adds.filter(({ status }) => status === 504);
    await eventually('each read is answered 200 or 404', 60, async () => {
      for (const { event, author } of unknown)
        if (![200, 404].includes((await client.getAttendance(event, author)).status!)) return false;
      return true;
    });
  });
});
