import {
  attendance,
  maxPairsByConference,
  type authorLists,
  type authorOperations,
  type conferenceLists,
  type conferenceOperations,
} from '@attendance/common/contract/relation';
import type { Author, Conference, Event } from '@attendance/common/contract/entities';
import { ids, type Batches, type ItemOf, type OutcomeOf } from 'many-to-many';
import {
  createMemoryCopy,
  pageOf,
  read,
  type MemoryCopy,
  type MemoryCopyOptions,
  type Statements,
} from 'many-to-many/testing';

/** Creates the author service's copy in memory, with readAttendees. */
export function createMemoryAuthors(options: MemoryCopyOptions) {
  const { copy, statements } = createMemoryCopy(attendance.right, options);
  const all: Statements<Batches<typeof authorOperations>> = { ...statements, ...authorStatements(copy) };
  return { copy, statements: all };
}

/** Creates the conference service's copy in memory, with listByConference. */
export function createMemoryConferences(options: MemoryCopyOptions) {
  const { copy, statements } = createMemoryCopy(attendance.left, options);
  const conferences = new Map<string, Conference>();
  const all: Statements<Batches<typeof conferenceOperations>> = {
    ...statements,
    ...conferenceStatements(copy, conferences),
  };
  return { copy, conferences, statements: all };
}

export function authorStatements(copy: MemoryCopy<Author>): Statements<Batches<typeof authorLists>> {
  return { readAttendees: read((item) => readAttendees(copy, item)) };
}

export function conferenceStatements(
  copy: MemoryCopy<Event>,
  conferences: ReadonlyMap<string, Conference>,
): Statements<Batches<typeof conferenceLists>> {
  return { listByConference: read((item) => listByConference(copy, conferences, item)) };
}

function readAttendees(
  copy: MemoryCopy<Author>,
  { author_id, event_ids }: ItemOf<typeof authorLists.readAttendees>,
): OutcomeOf<typeof authorLists.readAttendees> {
  const entity = copy.entities.get(author_id);
  if (!entity) return { outcome: 'entity_not_found' };
  return { outcome: 'found', entity, events: event_ids.map((left) => copy.held({ left, right: author_id })) };
}

function listByConference(
  copy: MemoryCopy<Event>,
  conferences: ReadonlyMap<string, Conference>,
  { conference_id, after, limit }: ItemOf<typeof conferenceLists.listByConference>,
): OutcomeOf<typeof conferenceLists.listByConference> {
  const entity = conferences.get(conference_id);
  if (!entity) return { outcome: 'entity_not_found' };
  const eventOf = (id: string) => copy.entities.get(id) ?? copy.marked.get(id);
  /** Of a marked event it gives no claims, so that no page is scanned for those that count. */
  const heldAt = (left: string, right: string) => (copy.entities.has(left) ? copy.held({ left, right }) : []);
  const claims = [...copy.claims.values()].filter(
    ({ retired, left }) => !retired && eventOf(left)?.conference.id === conference_id,
  );
  const { keys, more } = pageOf(
    claims.map(({ right }) => right),
    { after, limit, compare: ids.uuid.compare },
  );
  const attendees = keys.map((author_id) => {
    const events = new Set(claims.filter(({ right }) => right === author_id).map(({ left }) => left));
    const sorted = [...events].sort();
    return {
      author_id,
      events: sorted.map((event_id) => ({ event_id, claims: heldAt(event_id, author_id) })),
    };
  });
  let pairs = 0;
  const last = attendees.findIndex(({ events }) => (pairs += events.length) >= maxPairsByConference);
  const page = last === -1 ? attendees : attendees.slice(0, last + 1);
  return { outcome: 'found', entity, attendees: page, more: more || page.length < attendees.length };
}
