import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { readClaimsOfPair, eventually } from '../../support/claims.ts';
import { populate, unknownId } from '../../support/gateway.ts';
import { timeScale, type Subject } from '../../support/system.ts';

const times = createTimes({ scale: timeScale });
const retire = '/retireClaims';

export const describeRemovesAndReads = ({ system, client }: Subject) =>
  describe('DELETE /event/:event_id/attendance/:author_id and reads while an owner service fails', () => {
    let pair: { event: string; author: string; conference: string };
    beforeEach(async () => {
      const { event, author, conference } = await populate(client);
      pair = { event: event.id, author: author.id, conference: conference.id };
      expect((await client.addAttendance(pair.event, pair.author)).status).to.equal(201);
    });
    afterEach(() => {
      system.network.author.heal();
      system.network.conference.heal();
    });
    const remove = () => client.removeAttendance(pair.event, pair.author);
    const read = async () => (await client.getAttendance(pair.event, pair.author)).status;

    for (const failing of ['author', 'conference'] as const) {
      const other = failing === 'author' ? 'conference' : 'author';

      it(`one confirmation is enough: 204 although the ${failing} service does not answer the second round`, async () => {
        system.network[failing].on(retire, () => undefined);
        expect((await remove()).status).to.equal(204);
        expect(await read()).to.equal(404);
        const claims = await readClaimsOfPair(system.databases, pair);
        expect([claims[failing].held.length, claims[other].held.length]).to.deep.equal([1, 0]);
      });

      it(`the ${failing} service is down: 503, and nothing has changed`, async () => {
        await system.network[failing].down();
        const replies = [
          await remove(),
          await client.getAttendance(pair.event, pair.author),
          await client.listEventAttendance(pair.event),
          await client.listAuthorAttendance(pair.author),
          await client.listConferenceAttendance(pair.conference),
        ];
        await system.network[failing].up();
        for (const { status, problem, headers } of replies) {
          expect([status, problem!.code]).to.deep.equal([503, 'not_executed']);
          expect(headers['retry-after']).to.equal('1');
        }
        expect(await read()).to.equal(200);
      });

      it(`the ${failing} service is down, and the other entity does not exist: 404`, async () => {
        const absent = other === 'author' ? { ...pair, author: unknownId } : { ...pair, event: unknownId };
        await system.network[failing].down();
        const reply = await client.getAttendance(absent.event, absent.author);
        const list =
          other === 'author' ? client.listAuthorAttendance(unknownId) : client.listEventAttendance(unknownId);
        const { status } = await list;
        await system.network[failing].up();
        expect(reply.problem!.code).to.equal(`${other === 'author' ? 'author' : 'event'}_not_found`);
        expect(status).to.equal(404);
      });

      it(`the ${failing} service is frozen: reads are answered 503 within the deadline`, async () => {
        system.processes[failing].freeze();
        const started = performance.now();
        const status = await read();
        expect(performance.now() - started).to.be.below(times.requestMs);
        system.processes[failing].resume();
        expect(status).to.equal(503);
        await eventually(async () => void expect(await read()).to.equal(200));
      });
    }

    it('neither owner service answers the second round: 504, and a late retirement takes effect', async () => {
      const delayed: (() => Promise<unknown>)[] = [];
      for (const service of ['author', 'conference'] as const)
        system.network[service].on(retire, ({ deliver }) => void delayed.push(deliver));
      const reply = await remove();
      expect([reply.status, reply.problem!.code]).to.deep.equal([504, 'outcome_unknown']);
      expect(await read()).to.equal(200);
      await delayed[0]!();
      expect(await read()).to.equal(404);
    });

    it('the gateway is frozen: the request is answered after it has resumed', async () => {
      system.processes.gateway.freeze();
      const reply = remove();
      await new Promise((resolve) => setTimeout(resolve, 300));
      system.processes.gateway.resume();
      expect((await reply).status).to.equal(204);
      expect(await read()).to.equal(404);
    });
  });
