import { expect } from 'chai';
import { createClient, type Client } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { startSystem, type System } from '../support/system.ts';

describe('more work than the gateway takes on', function () {
  this.timeout(30_000);
  let system: System;
  let client: Client;
  before(async () => {
    system = await startSystem();
    client = createClient({ gateway: system.gateway });
  });
  after(async () => {
    client.close();
    await system.stop();
  });

  it('is answered 503 overloaded at once, with Retry-After; what was taken on is finished', async () => {
    const { event, authors } = await populate(client, { authors: 30 });
    await system.processes.gateway.stop();
    await system.processes.gateway.start({ MAX_IN_FLIGHT: '10' });
    // no insert is let through before all requests have arrived
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    system.network.author.on('claims/insert', async ({ deliver, answer }) => {
      await gate;
      answer(await deliver());
    });
    const adds = authors.map(async ({ id }) => {
      const started = performance.now();
      const reply = await client.addAttendance(event.id, id);
      return { ...reply, ms: performance.now() - started };
    });
    const shed = await Promise.all(adds.slice(10));
    open!();
    const replies = await Promise.all(adds);
    expect(shed.filter(({ status }) => status === 503)).to.have.length(20);
    for (const { problem, headers } of shed) {
      expect(problem!.code).to.equal('overloaded');
      expect(headers['retry-after']).to.equal('1');
    }
    expect(replies.filter(({ status }) => status === 201)).to.have.length(10);
    system.network.author.heal();
    expect((await client.listEventAttendance(event.id)).body!.attendees).to.have.length(10);
  });
});
