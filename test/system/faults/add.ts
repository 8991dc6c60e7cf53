import { expect } from 'chai';
import { createTimes } from '@attendance/common/times';
import { readClaimsOfPair, eventually } from '../../support/claims.ts';
import { populate, unknownId } from '../../support/gateway.ts';
import type { Behaviour, Exchange } from '../../support/proxy.ts';
import { timeScale, type Subject } from '../../support/system.ts';

const times = createTimes({ scale: timeScale });
const insert = '/insertClaims';

const answerNotExecuted: Behaviour = ({ answer }) => {
  const body = JSON.stringify({ code: 'not_executed', status: 503, title: '', type: 'about:blank', request_id: 'x' });
  answer({ status: 503, headers: { 'content-type': 'application/problem+json' }, body: Buffer.from(body) });
};
const answerBare503: Behaviour = ({ answer }) => answer({ status: 503, headers: {}, body: Buffer.from('no upstream') });
const answerHalf: Behaviour = async ({ deliver, answer }) => {
  const reply = await deliver();
  answer({ ...reply, body: reply.body.subarray(0, reply.body.length / 2) });
};

export const describeAdds = ({ system, client }: Subject) =>
  describe('POST /event/:event_id/attendance/:author_id while an owner service fails', () => {
    for (const failing of ['author', 'conference'] as const) {
      const other = failing === 'author' ? 'conference' : 'author';

      describe(`the ${failing} service`, () => {
        let pair: { event: string; author: string };
        const add = () => client.addAttendance(pair.event, pair.author);
        const isVisible = async () => {
          const visible = [
            (await client.getAttendance(pair.event, pair.author)).status === 200,
            (await client.listEventAttendance(pair.event)).body!.attendees.length === 1,
            (await client.listAuthorAttendance(pair.author)).body!.events.length === 1,
          ];
          expect(new Set(visible).size, 'all reads agree').to.equal(1);
          return visible[0];
        };
        const expectWithdrawn = () =>
          eventually(async () => {
            const claims = await readClaimsOfPair(system.databases, pair);
            expect([claims.author.held, claims.conference.held]).to.deep.equal([[], []]);
            expect(claims[other].retired).to.have.length(1);
          });

        beforeEach(async () => {
          const { event, author } = await populate(client);
          pair = { event: event.id, author: author.id };
        });
        afterEach(() => system.network[failing].heal());

        it('refuses connections: 503, and the claim is withdrawn from the other copy', async () => {
          await system.network[failing].down();
          const reply = await add();
          await system.network[failing].up();
          expect([reply.status, reply.problem!.code]).to.deep.equal([503, 'not_executed']);
          expect(reply.headers['retry-after']).to.equal('1');
          await expectWithdrawn();
          expect(await isVisible()).to.equal(false);
          expect((await add()).status).to.equal(201);
        });

        it('answers not_executed: 503, and the claim is withdrawn from the other copy', async () => {
          system.network[failing].on(insert, answerNotExecuted);
          expect((await add()).status).to.equal(503);
          await expectWithdrawn();
          expect(await isVisible()).to.equal(false);
        });

        it('answers a bare 503: 504, and nothing is withdrawn', async () => {
          system.network[failing].on(insert, answerBare503);
          const reply = await add();
          expect([reply.status, reply.problem!.code]).to.deep.equal([504, 'outcome_unknown']);
          expect((await readClaimsOfPair(system.databases, pair))[other].held).to.have.length(1);
          expect(await isVisible()).to.equal(false);
        });

        it('sends half an answer: 504, and the pair is visible', async () => {
          system.network[failing].on(insert, answerHalf);
          expect((await add()).status).to.equal(504);
          expect(await isVisible()).to.equal(true);
        });

        it('is frozen: 504 within the deadline, and the pair is visible after the service has resumed', async () => {
          const service = system.processes[failing];
          service.freeze();
          const started = performance.now();
          const reply = await add();
          expect(performance.now() - started).to.be.within(times.callMs * 0.9, times.requestMs);
          expect(reply.status).to.equal(504);
          service.resume();
          await eventually(async () => void expect(await isVisible()).to.equal(true));
        });

        it('answers after the deadline: 504, and the pair is visible', async () => {
          let answerLate: (() => void) | undefined;
          system.network[failing].on(insert, async ({ deliver, answer }) => {
            const reply = await deliver();
            answerLate = () => answer(reply);
          });
          expect((await add()).status).to.equal(504);
          expect(await isVisible()).to.equal(true);
          answerLate!();
          expect(await isVisible()).to.equal(true);
        });

        it('gets the claim after the 504: the pair becomes visible, and after its remove stays absent', async () => {
          const delayed: Exchange[] = [];
          system.network[failing].on(insert, (exchange) => void delayed.push(exchange));
          expect((await add()).status).to.equal(504);
          expect(await isVisible()).to.equal(false);
          await delayed[0]!.deliver();
          expect(await isVisible()).to.equal(true);
          await delayed[0]!.deliver();
          expect((await client.removeAttendance(pair.event, pair.author)).status).to.equal(204);
          await delayed[0]!.deliver();
          expect(await isVisible(), 'delivered again after its remove').to.equal(false);
        });

        it('gets the claim after its withdrawal: the claim stays retired', async () => {
          const delayed: Exchange[] = [];
          system.network[failing].on(insert, (exchange) => void delayed.push(exchange));
          system.network[other].on(insert, answerNotExecuted);
          expect((await add()).status).to.equal(503);
          system.network[other].heal();
          const tombstones = async () => (await readClaimsOfPair(system.databases, pair))[failing].retired;
          await eventually(async () => void expect(await tombstones()).to.have.length(1));
          await delayed[0]!.deliver();
          expect((await readClaimsOfPair(system.databases, pair))[failing].held).to.deep.equal([]);
        });

        it('resets a kept-alive connection after the commit: the call is repeated, 201', async () => {
          await client.getAttendance(pair.event, pair.author);
          let resets = 0;
          system.network[failing].on(insert, async ({ deliver, answer, reset }) => {
            const reply = await deliver();
            if (resets++ === 0) reset();
            else answer(reply);
          });
          expect((await add()).status).to.equal(201);
          expect(resets).to.equal(2);
          expect((await readClaimsOfPair(system.databases, pair))[failing].held).to.have.length(1);
        });

        it('resets every connection after the commit: 504, and the pair is visible', async () => {
          system.network[failing].on(insert, async ({ deliver, reset }) => {
            await deliver();
            reset();
          });
          expect((await add()).status).to.equal(504);
          expect(await isVisible()).to.equal(true);
        });

        it('resets the first call and refuses the repeat: 504, and nothing is withdrawn', async () => {
          await client.getAttendance(pair.event, pair.author);
          let calls = 0;
          system.network[failing].on(insert, (exchange) =>
            calls++ === 0 ? exchange.reset() : answerNotExecuted(exchange),
          );
          expect((await add()).status).to.equal(504);
          expect(calls).to.equal(2);
          expect((await readClaimsOfPair(system.databases, pair))[other].held).to.have.length(1);
        });

        it('is down, and the other entity does not exist: 404', async () => {
          if (other === 'author') pair.author = unknownId;
          else pair.event = unknownId;
          await system.network[failing].down();
          const reply = await add();
          await system.network[failing].up();
          expect([reply.status, reply.problem!.code]).to.deep.equal([
            404,
            other === 'author' ? 'author_not_found' : 'event_not_found',
          ]);
        });

        it('is killed between two adds: the pair of the first one stays', async () => {
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
