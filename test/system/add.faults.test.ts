import { expect } from 'chai';
import { createTimes } from '@attendance/common/times';
import { claimsIn, eventually } from '../support/claims.ts';
import { nobody, populate } from '../support/gateway.ts';
import type { Behaviour, Exchange } from '../support/proxy.ts';
import { timeScale, useSystem } from '../support/system.ts';

const times = createTimes({ scale: timeScale });
const insert = '/insertClaims';

/** An owner that says that it did nothing, and is right. */
const refuse: Behaviour = ({ answer }) => {
  const body = JSON.stringify({ code: 'not_executed', status: 503, title: '', type: 'about:blank', request_id: 'x' });
  answer({ status: 503, headers: { 'content-type': 'application/problem+json' }, body: Buffer.from(body) });
};
const bare503: Behaviour = ({ answer }) => answer({ status: 503, headers: {}, body: Buffer.from('no upstream') });
const garble: Behaviour = async ({ deliver, answer }) => {
  const reply = await deliver();
  answer({ ...reply, body: reply.body.subarray(0, reply.body.length / 2) });
};

describe('POST /event/:event_id/attendance/:author_id when an owner fails', () => {
  const { system, client } = useSystem();

  for (const failing of ['author', 'conference'] as const) {
    const other = failing === 'author' ? 'conference' : 'author';

    describe(`the ${failing} service`, () => {
      let pair: { event: string; author: string };
      const add = () => client.addAttendance(pair.event, pair.author);
      const isVisible = async () => {
        const statuses = [
          (await client.getAttendance(pair.event, pair.author)).status === 200,
          (await client.listEventAttendance(pair.event)).body!.attendees.length === 1,
          (await client.listAuthorAttendance(pair.author)).body!.events.length === 1,
        ];
        expect(new Set(statuses).size, 'every read agrees').to.equal(1);
        return statuses[0];
      };
      const expectWithdrawn = () =>
        eventually(async () => {
          const claims = await claimsIn(system.databases, pair);
          expect([claims.author.held, claims.conference.held]).to.deep.equal([[], []]);
          expect(claims[other].retired).to.have.length(1);
        });

      beforeEach(async () => {
        const { event, author } = await populate(client);
        pair = { event: event.id, author: author.id };
      });
      afterEach(() => system.network[failing].heal());

      it('refuses connections: 503 at once, never visible, withdrawn from the other copy', async () => {
        await system.network[failing].down();
        const reply = await add();
        await system.network[failing].up();
        expect([reply.status, reply.problem!.code]).to.deep.equal([503, 'not_executed']);
        expect(reply.headers['retry-after']).to.equal('1');
        await expectWithdrawn();
        expect(await isVisible()).to.equal(false);
        expect((await add()).status).to.equal(201);
      });

      it('says not_executed: 503, and withdrawn from the other copy', async () => {
        system.network[failing].on(insert, refuse);
        expect((await add()).status).to.equal(503);
        await expectWithdrawn();
        expect(await isVisible()).to.equal(false);
      });

      it('answers with a bare 503, which proves nothing: 504, and nothing is undone', async () => {
        system.network[failing].on(insert, bare503);
        const reply = await add();
        expect([reply.status, reply.problem!.code]).to.deep.equal([504, 'outcome_unknown']);
        expect((await claimsIn(system.databases, pair))[other].held).to.have.length(1);
        expect(await isVisible()).to.equal(false);
      });

      it('answers with half an answer: 504, and it is there', async () => {
        system.network[failing].on(insert, garble);
        expect((await add()).status).to.equal(504);
        expect(await isVisible()).to.equal(true);
      });

      it('is frozen: 504 within the deadline; it is there once the service has woken up', async () => {
        const service = system.processes[failing];
        service.freeze();
        const started = performance.now();
        const reply = await add();
        expect(performance.now() - started).to.be.within(times.callMs * 0.9, times.requestMs);
        expect(reply.status).to.equal(504);
        service.resume();
        await eventually(async () => void expect(await isVisible()).to.equal(true));
      });

      it('answers too late: 504, and it is there', async () => {
        let late: (() => void) | undefined;
        system.network[failing].on(insert, async ({ deliver, answer }) => {
          const reply = await deliver();
          late = () => answer(reply);
        });
        expect((await add()).status).to.equal(504);
        expect(await isVisible()).to.equal(true);
        late!();
        expect(await isVisible()).to.equal(true);
      });

      it('gets the claim after the 504: absent, then there', async () => {
        const held: Exchange[] = [];
        system.network[failing].on(insert, (exchange) => void held.push(exchange));
        expect((await add()).status).to.equal(504);
        expect(await isVisible()).to.equal(false);
        await held[0]!.deliver();
        expect(await isVisible()).to.equal(true);
        await held[0]!.deliver();
        expect((await client.removeAttendance(pair.event, pair.author)).status).to.equal(204);
        await held[0]!.deliver();
        expect(await isVisible(), 'delivered again after its remove').to.equal(false);
      });

      it('gets the claim after its withdrawal: it stays out', async () => {
        const held: Exchange[] = [];
        system.network[failing].on(insert, (exchange) => void held.push(exchange));
        system.network[other].on(insert, refuse);
        expect((await add()).status).to.equal(503);
        system.network[other].heal();
        const marks = async () => (await claimsIn(system.databases, pair))[failing].retired;
        await eventually(async () => void expect(await marks()).to.have.length(1));
        await held[0]!.deliver();
        expect((await claimsIn(system.databases, pair))[failing].held).to.deep.equal([]);
      });

      it('resets a kept-alive connection after it has committed: repeated at once, 201', async () => {
        await client.getAttendance(pair.event, pair.author);
        let resets = 0;
        system.network[failing].on(insert, async ({ deliver, answer, reset }) => {
          const reply = await deliver();
          if (resets++ === 0) reset();
          else answer(reply);
        });
        expect((await add()).status).to.equal(201);
        expect(resets).to.equal(2);
        expect((await claimsIn(system.databases, pair))[failing].held).to.have.length(1);
      });

      it('resets every connection after it has committed: 504, and it is there', async () => {
        system.network[failing].on(insert, async ({ deliver, reset }) => {
          await deliver();
          reset();
        });
        expect((await add()).status).to.equal(504);
        expect(await isVisible()).to.equal(true);
      });

      it('resets and then refuses the repeat, which proves nothing of the first: 504', async () => {
        await client.getAttendance(pair.event, pair.author);
        let calls = 0;
        system.network[failing].on(insert, (exchange) => (calls++ === 0 ? exchange.reset() : refuse(exchange)));
        expect((await add()).status).to.equal(504);
        expect(calls).to.equal(2);
        expect((await claimsIn(system.databases, pair))[other].held).to.have.length(1);
      });

      it('is gone, but the other knows no such entity: 404', async () => {
        if (other === 'author') pair.author = nobody;
        else pair.event = nobody;
        await system.network[failing].down();
        const reply = await add();
        await system.network[failing].up();
        expect([reply.status, reply.problem!.code]).to.deep.equal([
          404,
          other === 'author' ? 'author_not_found' : 'event_not_found',
        ]);
      });

      it('is killed between two adds: whatever was acknowledged stays', async () => {
        expect((await add()).status).to.equal(201);
        await system.processes[failing].stop('SIGKILL');
        expect((await add()).status).to.be.oneOf([503, 504]);
        await system.processes[failing].start();
        expect(await isVisible()).to.equal(true);
        expect((await add()).status).to.equal(200);
      });
    });
  }
});
