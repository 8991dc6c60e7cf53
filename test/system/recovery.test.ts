import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { createClient } from '../support/client.ts';
import { eventually } from '../support/claims.ts';
import { populate } from '../support/gateway.ts';
import { timeScale, useSystem } from '../support/system.ts';

const times = createTimes({ scale: timeScale });

describe('a database that fails', () => {
  const { system, client } = useSystem();

  for (const owner of ['author', 'conference'] as const) {
    const everything = async () => {
      const { event, author, conference } = await populate(client);
      const all = () =>
        Promise.all([
          client.addAttendance(event.id, author.id),
          client.getAttendance(event.id, author.id),
          client.listEventAttendance(event.id),
          client.listConferenceAttendance(conference.id),
          owner === 'author' ? client.getAuthor(author.id) : client.getEvent(event.id),
          owner === 'author' ? client.createAuthor('Ada') : client.createConference('SWAT'),
        ]);
      const healthy = async () => {
        for (const { status } of await all()) expect(status).to.be.oneOf([200, 201]);
      };
      await client.addAttendance(event.id, author.id);
      return { all, healthy };
    };

    it(`${owner}: hung, it is answered 503 or 504 within the deadline, and recovers without a restart`, async () => {
      const { all, healthy } = await everything();
      system.storage[owner].freeze();
      const started = performance.now();
      const replies = await all();
      expect(performance.now() - started).to.be.below(times.requestMs);
      for (const { status } of replies) expect(status).to.be.oneOf([503, 504]);
      // nor does the owner itself ever say 504 of a read
      const direct = createClient({ gateway: system.processes[owner].url });
      expect((await direct.request('GET', `/${owner}`)).status).to.equal(503);
      direct.close();
      // by now its pool is full of connections that hang: whatever is asked was certainly not sent
      expect((await all()).map(({ status }) => status)).to.include(503);
      system.storage[owner].thaw();
      await eventually(healthy);
    });

    it(`${owner}: cut off, it is answered 503 or 504 at once, and recovers without a restart`, async () => {
      const { all, healthy } = await everything();
      system.storage[owner].refuse();
      for (const { status } of await all()) expect(status).to.be.oneOf([503, 504]);
      await system.storage[owner].accept();
      await eventually(healthy);
    });
  }
});
