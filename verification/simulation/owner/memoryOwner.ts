import {
  maxPairsByConference,
  type AuthorOwner,
  type ConferenceOwner,
  type ListByConferenceItem,
  type ListByConferenceOutcome,
  type Owner,
  type ReadAttendeeItem,
  type ReadAttendeeOutcome,
} from '@attendance/common/contract/claims';
import type { Author, Conference, Event } from '@attendance/common/contract/entities';
import { MemoryCopy, type CopyOptions } from './copy.ts';
import { insertClaims } from './insertClaims.ts';
import { listByForeign, listByOwned, pageOf, readPair } from './reads.ts';
import { reconciliation } from './reconciliation.ts';
import { retireClaims } from './retireClaims.ts';
import { read, type Statements } from './statements.ts';

export function createMemoryAuthors(options: CopyOptions) {
  const copy = new MemoryCopy<Author>('author', options);
  const operations: Statements<AuthorOwner> = {
    ...operationsOf(copy),
    readAttendees: read((item) => readAttendee(copy, item)),
  };
  return { copy, operations };
}

export function createMemoryConferences(options: CopyOptions) {
  const copy = new MemoryCopy<Event>('event', options);
  const conferences = new Map<string, Conference>();
  const operations: Statements<ConferenceOwner> = {
    ...operationsOf(copy),
    listByConference: read((item) => listByConference(copy, conferences, item)),
  };
  return { copy, conferences, operations };
}

function operationsOf<E extends { id: string }>(copy: MemoryCopy<E>): Statements<Owner<E>> {
  return {
    insertClaims: (items) => insertClaims(copy, items),
    retireClaims: (items) => retireClaims(copy, items),
    readPairs: read((item) => readPair(copy, item)),
    listByOwned: read((item) => listByOwned(copy, item)),
    listByForeign: read((item) => listByForeign(copy, item)),
    ...reconciliation(copy),
  };
}

function readAttendee(copy: MemoryCopy<Author>, { author_id, event_ids }: ReadAttendeeItem): ReadAttendeeOutcome {
  const entity = copy.entities.get(author_id);
  if (!entity) return { outcome: 'unknown_owner' };
  return { outcome: 'found', entity, events: event_ids.map((event) => copy.held(author_id, event)) };
}

function listByConference(
  copy: MemoryCopy<Event>,
  conferences: ReadonlyMap<string, Conference>,
  { conference_id, after, limit }: ListByConferenceItem,
): ListByConferenceOutcome {
  const entity = conferences.get(conference_id);
  if (!entity) return { outcome: 'unknown_owner' };
  const claims = [...copy.claims.values()].filter(
    ({ retired, owned }) => !retired && copy.entities.get(owned)?.conference.id === conference_id,
  );
  const { keys, more } = pageOf(
    claims.map(({ foreign }) => foreign),
    { after, limit },
  );
  const attendees = keys.map((author_id) => {
    const events = new Set(claims.filter(({ foreign }) => foreign === author_id).map(({ owned }) => owned));
    return { author_id, events: [...events].sort().map((id) => ({ event_id: id, claims: copy.held(id, author_id) })) };
  });
  let pairs = 0;
  const last = attendees.findIndex(({ events }) => (pairs += events.length) >= maxPairsByConference);
  const page = last === -1 ? attendees : attendees.slice(0, last + 1);
  return { outcome: 'found', entity, attendees: page, more: more || page.length < attendees.length };
}
