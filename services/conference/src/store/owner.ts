import type { ConferenceOwner } from '@attendance/common/contract/claims';
import type { Event } from '@attendance/common/contract/entities';
import type { Copy } from '@attendance/common/copy/copy';
import { createOwner } from '@attendance/common/copy/owner';
import type { Times } from '@attendance/common/times';
import type { Knex } from 'knex';
import { eventJson } from './events.ts';
import { listByConference } from './listByConference.ts';

export const eventCopy: Copy<Event> = {
  entities: 'events',
  owned: 'event_id',
  foreign: 'author_id',
  inherited: ['conference_id'],
  entity: eventJson,
};

/** The conference service's copy of attendance. */
export function createConferenceOwner(database: Knex, times: Times): ConferenceOwner {
  return { ...createOwner(database, eventCopy, times), listByConference: listByConference(database) };
}
