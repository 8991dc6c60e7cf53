import { attendance } from '@attendance/common/contract/relation';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { createOwnerServices } from '@attendance/gateway-service/ownerServices';
import { v7 } from 'uuid';
import { describeCopy } from '../conformance/describeCopy.ts';
import { describeListByConference, type ConferenceSubject } from '../conformance/listByConference.ts';
import { describeReadAttendees, type AuthorSubject } from '../conformance/readAttendees.ts';
import { deleteUnmarked, plantClaims, whileDeleting } from '../support/claims.ts';
import { createClient } from '../support/client.ts';
import { toRow, withId } from '../support/sqlCopies.ts';
import { serviceToken, startSystem, timeScale } from '../support/system.ts';

let started: ReturnType<typeof startSystem> | undefined;
after(async () => (await started)?.stop());

/** Starts a system, and creates the gateway's clients of its owner services. */
async function start() {
  const system = await (started ??= startSystem({ direct: true }));
  const times = createTimes({ scale: timeScale });
  const client = createClient({ gateway: system.gateway });
  const services = createOwnerServices({
    authorUrl: system.processes.author.url,
    conferenceUrl: system.processes.conference.url,
    token: () => serviceToken,
    times,
    metrics: createMetrics({ service: 'test' }),
  });
  const sharedOptions = {
    times,
    clock: () => Date.now(),
    newOwnId: () => v7(),
    newOtherId: () => v7(),
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
  return { client, services, sharedOptions, databases: system.databases };
}

async function startAuthors(): Promise<AuthorSubject & { close: () => Promise<void> }> {
  const { client, services, sharedOptions, databases } = await start();
  return {
    ...sharedOptions,
    copy: services.author.operations,
    side: attendance.right,
    createEntity: async () => withId((await client.createAuthor('Ada')).body!),
    deleteEntity: (id) => deleteUnmarked(databases.author.serviceRole, 'author', id),
    markEntity: async (id) => {
      await client.deleteAuthor(id);
    },
    whileDeleting: (id, work) => whileDeleting(databases.author.serviceRole, 'author', id, work),
    plant: (claims) => plantClaims(databases.author.serviceRole, 'author', claims.map(toRow)),
  };
}

async function startEvents(): Promise<ConferenceSubject & { close: () => Promise<void> }> {
  const { client, services, sharedOptions, databases } = await start();
  let seq = 0;
  const createConference = async () => (await client.createConference('SWAT')).body!;
  const createEvent = async ({ id }: { id: string }) => (await client.createEvent(id, ++seq)).body!;
  const conference = await createConference();
  return {
    ...sharedOptions,
    copy: services.conference.operations,
    side: attendance.left,
    createEntity: async () => withId(await createEvent(conference)),
    createConference,
    createEvent,
    deleteEntity: (id) => deleteUnmarked(databases.conference.serviceRole, 'event', id),
    markEntity: async (id) => {
      await client.deleteEvent(id);
    },
    whileDeleting: (id, work) => whileDeleting(databases.conference.serviceRole, 'event', id, work),
    plant: (claims) => plantClaims(databases.conference.serviceRole, 'event', claims.map(toRow)),
  };
}

describeCopy('the author service over HTTP', startAuthors, describeReadAttendees);
describeCopy('the conference service over HTTP', startEvents, describeListByConference);
