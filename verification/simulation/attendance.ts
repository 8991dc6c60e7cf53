import { attendance, authorOperations, conferenceOperations } from '@attendance/common/contract/relation';
import type { Author, Event } from '@attendance/common/contract/entities';
import { createAttendance, type Attendance } from '@attendance/gateway-service/attendance';
import { createTimes, remoteOperations, type PageRequest } from 'many-to-many';
import {
  explain,
  simulate,
  type ClientList,
  type Extension,
  type PageRead,
  type SimulationOptions,
} from 'many-to-many/testing';
import { sampleAuthor, sampleConference, sampleEvent } from './entities.ts';
import { authorStatements, conferenceStatements } from './memoryCopies.ts';

/** The conference of all events. It is never deleted. */
const conference = sampleConference('00000000-0000-7000-8000-00000000000c');
const conferences = new Map([[conference.id, conference]]);

async function listByConference(
  relation: Attendance,
  page: Required<PageRequest>,
  requestId: string,
): Promise<PageRead> {
  const listed = await relation.listByConference(page, requestId);
  if (listed.outcome !== 'found') return listed;
  const items = listed.items.map(({ author, events }) => ({
    key: author.id,
    pairs: events.map((event) => ({ left: event, right: author.id })),
  }));
  return { outcome: 'found', id: listed.entity.id, items, next: listed.next };
}

const byConference: ClientList<Attendance> = { of: { id: conference.id }, keys: 'right', read: listByConference };

/** The extension of the relation by lists by conference. */
export const extension: Extension<Event, Author, Attendance> = {
  left: {
    createEntity: (id) => sampleEvent(id, conference),
    statements: (copy) => conferenceStatements(copy, conferences),
  },
  right: { createEntity: sampleAuthor, statements: authorStatements },
  compose: (calls, { times = createTimes(), ...options }) =>
    createAttendance({
      conference: remoteOperations(conferenceOperations, calls.left),
      author: remoteOperations(authorOperations, calls.right),
      times,
      ...options,
    }),
  lists: { conference: byConference },
};

type Options = Omit<SimulationOptions<Event, Author, Attendance>, 'relation' | 'extension'>;

/** Runs one history of attendance, with its lists by conference. */
export const simulateAttendance = (options: Options) => simulate({ relation: attendance, extension, ...options });

export const explainAttendance = (options: Options, repeat: string) =>
  explain({ relation: attendance, extension, ...options }, repeat);
