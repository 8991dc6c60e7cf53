import { conferenceContract } from '@attendance/common/contract/conference';
import { attendance, conferenceOperations } from '@attendance/common/contract/relation';
import type { OwnerService } from '@attendance/common/runtime/runOwner';
import type { Times } from '@attendance/common/times';
import { createCopy, type EntityTable, type Query } from 'many-to-many/copy';
import { conferenceHandlers } from './routes/conferences.ts';
import { eventHandlers } from './routes/events.ts';
import { eventJson } from './store/events.ts';
import { listByConference } from './store/listByConference.ts';

export const events: EntityTable = {
  table: 'all_events',
  json: eventJson,
  inherited: { conference_id: 'uuid' },
  deletedAt: 'deleted_at',
};

/** The conference service's copy of attendance, and its lists by conference. */
export function createConferenceCopy(query: Query, times: Times) {
  return {
    ...createCopy(attendance.left, { query, entities: events, times }),
    listByConference: listByConference(query),
  };
}

/** Owns conferences and their events, and keeps the left copy of attendance. */
export const conferenceService: OwnerService<typeof conferenceContract, typeof conferenceOperations> = {
  name: 'conference',
  title: 'Conferences and their events',
  port: 8080,
  contract: conferenceContract,
  handlers: (query) => ({ ...conferenceHandlers(query), ...eventHandlers(query) }),
  side: attendance.left,
  entities: events,
  operations: conferenceOperations,
  copy: createConferenceCopy,
};
