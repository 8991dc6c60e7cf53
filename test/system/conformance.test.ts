import { attendance } from '@attendance/common/contract/relation';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { createOwnerServices } from '@attendance/gateway-service/ownerServices';
import { v7 } from 'uuid';
import { describeCopy } from '../conformance/describeCopy.ts';
import { describeListByConference, type ConferenceSubject } from '../conformance/listByConference.ts';
import { describeReadAttendees, type AuthorSubject } from '../conformance/readAttendees.ts';
import { plantClaims, whileDeleting } from '../support/claims.ts';
import { createClient } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { toRow, withId } from '../support/sqlCopies.ts';
import { serviceToken, startSystem, timeScale } from '../support/system.ts';

/** Starts a system, and calls its owner services as the gateway does. */
async function start() {
  const system = await startSystem({ direct: true });
  const times = createTimes({ scale: timeScale });
  const client = createClient({ gateway: system.gateway });
  const services = createOwnerServices({
    authorUrl: system.processes.author.url,
    conferenceUrl: system.processes.conference.url,
    token: () => serviceToken,
    times,
    metrics: createMetrics({ service: 'test' }),
  });
  const common = {
    times,
    clock: () => Date.now(),
    newOwnId: () => v7(),
    newOtherId: () => v7(),
    close: async () => {
      client.close();
      await system.stop();
    },
  };
  return { client, services, common, databases: system.databases };
}

async function startAuthors(): Promise<AuthorSubject & { close: () => Promise<void> }> {
  const { client, services, common, databases } = await start();
  return {
    ...common,
    copy: services.author.operations,
    side: attendance.right,
    createEntity: async () => withId((await populate(client)).author),
    deleteEntity: async (id) => {
      await client.deleteAuthor(id);
    },
    whileDeleting: (id, work) => whileDeleting(databases.author.service, 'author', id, work),
    plant: (claims) => plantClaims(databases.author.service, 'author', claims.map(toRow)),
  };
}

async function startEvents(): Promise<ConferenceSubject & { close: () => Promise<void> }> {
  const { client, services, common, databases } = await start();
  let seq = 1;
  return {
    ...common,
    copy: services.conference.operations,
    side: attendance.left,
    createEntity: async () => withId((await populate(client)).event),
    createConference: async () => (await client.createConference('SWAT')).body!,
    createEvent: async ({ id }) => (await client.createEvent(id, (seq += 1))).body!,
    deleteEntity: async (id) => {
      await client.deleteEvent(id);
    },
    whileDeleting: (id, work) => whileDeleting(databases.conference.service, 'event', id, work),
    plant: (claims) => plantClaims(databases.conference.service, 'event', claims.map(toRow)),
  };
}

describeCopy('the author service over HTTP', startAuthors, describeReadAttendees);
describeCopy('the conference service over HTTP', startEvents, describeListByConference);
