import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { authorOwner, conferenceOwner, createOwners } from '@attendance/gateway-service/owners/owners';
import { v7 } from 'uuid';
import { describeListByConference, type EventsUnderTest } from '../conformance/listByConference.ts';
import { describeOwner } from '../conformance/owner.ts';
import { describeReadAttendees, type AuthorsUnderTest } from '../conformance/readAttendees.ts';
import { plantClaims, whileDeleting } from '../support/claims.ts';
import { createClient } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { serviceToken, startSystem, timeScale } from '../support/system.ts';

/** A running service, asked as the gateway asks it. */
async function start() {
  const system = await startSystem({ direct: true });
  const times = createTimes({ scale: timeScale });
  const client = createClient({ gateway: system.gateway });
  const owners = createOwners({
    authorUrl: system.processes.author.url,
    conferenceUrl: system.processes.conference.url,
    token: serviceToken,
    times,
    metrics: createMetrics({ service: 'test' }),
  });
  const common = {
    times,
    claimId: (ageMs: number) => v7({ msecs: Date.now() - Math.round(ageMs) }),
    close: async () => {
      client.close();
      await system.stop();
    },
  };
  return { client, owners, common, databases: system.databases };
}

async function startAuthors(): Promise<AuthorsUnderTest> {
  const { client, owners, common, databases } = await start();
  return {
    ...common,
    owner: authorOwner(owners.author),
    owns: 'author',
    createEntity: async () => (await populate(client)).author,
    deleteEntity: async (id) => {
      await client.deleteAuthor(id);
    },
    whileDeleting: (id, work) => whileDeleting(databases.author.service, 'author', id, work),
    plant: (claims) => plantClaims(databases.author.service, 'author', claims),
  };
}

async function startEvents(): Promise<EventsUnderTest> {
  const { client, owners, common, databases } = await start();
  let seq = 1;
  return {
    ...common,
    owner: conferenceOwner(owners.conference),
    owns: 'event',
    createEntity: async () => (await populate(client)).event,
    createConference: async () => (await client.createConference('SWAT')).body!,
    createEvent: async ({ id }) => (await client.createEvent(id, (seq += 1))).body!,
    deleteEntity: async (id) => {
      await client.deleteEvent(id);
    },
    whileDeleting: (id, work) => whileDeleting(databases.conference.service, 'event', id, work),
    plant: (claims) => plantClaims(databases.conference.service, 'event', claims),
  };
}

describeOwner('the author service over HTTP', startAuthors, describeReadAttendees);
describeOwner('the conference service over HTTP', startEvents, describeListByConference);
