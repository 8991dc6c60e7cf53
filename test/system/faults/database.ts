import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { createClient } from '../../support/client.ts';
import { eventually } from '../../support/claims.ts';
import { populate } from '../../support/gateway.ts';
import { timeScale, type Subject } from '../../support/system.ts';

const times = createTimes({ scale: timeScale });

export const describeDatabase = ({ system, client }: Subject) =>
  describe('the database', () => {
    for (const service of ['author', 'conference'] as const) {
      const createRequests = async () => {
        const { event, author, conference } = await populate(client);
        const sendAll = () =>
          Promise.all([
            client.addAttendance(event.id, author.id),
            client.getAttendance(event.id, author.id),
            client.listEventAttendance(event.id),
            client.listConferenceAttendance(conference.id),
            service === 'author' ? client.getAuthor(author.id) : client.getEvent(event.id),
            service === 'author' ? client.createAuthor('Ada') : client.createConference('SWAT'),
          ]);
        const expectHealthy = async () => {
          for (const { status } of await sendAll()) expect(status).to.be.oneOf([200, 201]);
        };
        await client.addAttendance(event.id, author.id);
        return { sendAll, expectHealthy };
      };

      it(`of the ${service} service hangs: requests are answered 503 or 504 in time, and 200 after it has recovered`, async () => {
        const { sendAll, expectHealthy } = await createRequests();
        system.storage[service].freeze();
        const started = performance.now();
        const replies = await sendAll();
        expect(performance.now() - started).to.be.below(times.requestMs);
        for (const { status } of replies) expect(status).to.be.oneOf([503, 504]);
        // the owner service never answers a read with 504 either
        const direct = createClient({ gateway: system.processes[service].url });
        expect((await direct.request('GET', `/${service}`)).status).to.equal(503);
        direct.close();
        // now all connections of the pool hang, so statements are certainly not sent
        expect((await sendAll()).map(({ status }) => status)).to.include(503);
        system.storage[service].thaw();
        await eventually(expectHealthy);
      });

      it(`of the ${service} service is unreachable: requests are answered 503 or 504, and 200 after it has recovered`, async () => {
        const { sendAll, expectHealthy } = await createRequests();
        system.storage[service].refuse();
        for (const { status } of await sendAll()) expect(status).to.be.oneOf([503, 504]);
        await system.storage[service].accept();
        await eventually(expectHealthy);
      });
    }
  });
