import { expect } from 'chai';
import type { Reply } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { patient, useSystem } from '../support/system.ts';

describe('a gateway with MAX_IN_FLIGHT requests in flight', () => {
  const { system, client } = useSystem({ environment: patient });

  it('rejects further requests with 503 and Retry-After, and completes those in flight', async () => {
    const { event, authors } = await populate(client, { authors: 30 });
    await system.processes.gateway.stop();
    await system.processes.gateway.start({ MAX_IN_FLIGHT: '10' });
    // no insert is delivered before the other 20 requests have been rejected
    let deliverAll: (() => void) | undefined;
    const rejected = new Promise<void>((resolve) => (deliverAll = resolve));
    system.network.author.on('/insertClaims', async ({ deliver, answer }) => {
      await rejected;
      answer(await deliver());
    });
    const replies: Reply<unknown>[] = [];
    await Promise.all(
      authors.map(async ({ id }) => {
        if (replies.push(await client.addAttendance(event.id, id)) === 20) deliverAll!();
      }),
    );
    for (const { status, problem, headers } of replies.slice(0, 20)) {
      expect([status, problem?.code]).to.deep.equal([503, 'overloaded']);
      expect(headers['retry-after']).to.equal('1');
    }
    expect(replies.slice(20).map(({ status }) => status)).to.deep.equal(Array<number>(10).fill(201));
    system.network.author.heal();
    expect((await client.listEventAttendance(event.id)).body!.attendees).to.have.length(10);
  });
});
