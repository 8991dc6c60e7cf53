import type {
  AuthorOwner,
  ConferenceOwner,
  ListByConferenceItem,
  ListByConferenceOutcome,
  Owner,
  ReadAttendeeItem,
  ReadAttendeeOutcome,
} from '@attendance/common/contract/claims';
import type { Author, Conference, Event } from '@attendance/common/contract/entities';
import { MemoryCopy, type CopyOptions, type Statement } from './copy.ts';
import { insertClaims } from './insertClaims.ts';
import { listByForeign, listByOwned, pageOf, readPair } from './reads.ts';
import { retireClaims } from './retireClaims.ts';

/** An owner's operations, each of them a statement that is begun and then committed or rolled back. */
export type Statements<O> = {
  [Name in keyof O]: O[Name] extends (items: infer Items) => Promise<(infer Outcome)[]>
    ? (items: Items) => Statement<Outcome>
    : never;
};

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
  };
}

function read<Item, Outcome>(one: (item: Item) => Outcome): (items: Item[]) => Statement<Outcome> {
  return (items) => ({ outcomes: items.map(one), commit: () => undefined, rollback: () => undefined });
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
  return { outcome: 'found', entity, attendees, more };
}

/** The owner as the protocol sees it, with nothing between the two: each statement is committed at once. */
export function atOnce<O>(operations: Statements<O>): O {
  const all = Object.entries<(items: never) => Statement<unknown>>(operations);
  const owner = all.map(([name, begin]) => [
    name,
    async (items: never) => {
      const { outcomes, commit } = begin(items);
      commit();
      return Promise.resolve(outcomes);
    },
  ]);
  return Object.fromEntries(owner) as O;
}
