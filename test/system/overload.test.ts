import { expect } from 'chai';
import type { Reply } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { patient, useSystem } from '../support/system.ts';

describe('more work than the gateway takes on', () => {
  // nothing here waits for a deadline, and what was taken on waits for the others to arrive
  const { system, client } = useSystem({ environment: patient });

  it('is answered 503 overloaded at once, with Retry-After; what was taken on is finished', async () => {
    const { event, authors } = await populate(client, { authors: 30 });
    await system.processes.gateway.stop();
    await system.processes.gateway.start({ MAX_IN_FLIGHT: '10' });
    // no insert is let through before all others are answered: whose connection comes first is a matter of chance
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    system.network.author.on('/insertClaims', async ({ deliver, answer }) => {
      await gate;
      answer(await deliver());
    });
    const answered: Reply<unknown>[] = [];
    await Promise.all(
      authors.map(async ({ id }) => {
        if (answered.push(await client.addAttendance(event.id, id)) === 20) open!();
      }),
    );
    for (const { status, problem, headers } of answered.slice(0, 20)) {
      expect([status, problem?.code]).to.deep.equal([503, 'overloaded']);
      expect(headers['retry-after']).to.equal('1');
    }
    expect(answered.slice(20).map(({ status }) => status)).to.deep.equal(Array<number>(10).fill(201));
    system.network.author.heal();
    expect((await client.listEventAttendance(event.id)).body!.attendees).to.have.length(10);
  });
});
