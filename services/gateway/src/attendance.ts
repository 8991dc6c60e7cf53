import {
  attendance,
  authorLists,
  conferenceLists,
  type authorOperations,
  type conferenceOperations,
} from '@attendance/common/contract/relation';
import type { Author, Event } from '@attendance/common/contract/entities';
import {
  askCopy,
  createRelation,
  machine,
  type Batches,
  type ComposedRelation,
  type RelationOptions,
  type Times,
} from 'many-to-many';
import { createListByConference } from './listByConference.ts';

interface AttendanceOptions extends RelationOptions {
  author: Batches<typeof authorOperations>;
  conference: Batches<typeof conferenceOperations>;
  times: Times;
}

export interface Attendance extends ComposedRelation<Event, Author> {
  listByConference: ReturnType<typeof createListByConference>;
}

/** Composes the relation of the example, and its lists by conference, which are not part of the package. */
export function createAttendance({ author, conference, ...options }: AttendanceOptions): Attendance {
  const { times, environment = machine, slots } = options;
  const coalescing = { ...environment, times, slots };
  return {
    ...createRelation(attendance, { left: conference, right: author }, options),
    listByConference: createListByConference({
      author: askCopy(authorLists, author, coalescing),
      conference: askCopy(conferenceLists, conference, coalescing),
      times,
      environment,
    }),
  };
}
