import type { authorContract } from '@attendance/common/contract/author';
import type { conferenceContract } from '@attendance/common/contract/conference';
import type { Handlers } from '@attendance/common/http/handlers';
import type { AuthorClient, ConferenceClient } from '../owners/owners.ts';
import { relay } from './relay.ts';

/** Entities are their owner's: the gateway only passes on. */
export function entityHandlers({ author, conference }: { author: AuthorClient; conference: ConferenceClient }) {
  const read = { changes: false };
  const write = { changes: true };
  return {
    createAuthor: relay(author.createAuthor, write),
    listAuthors: relay(author.listAuthors, read),
    getAuthor: relay(author.getAuthor, read),
    deleteAuthor: relay(author.deleteAuthor, write),
    createConference: relay(conference.createConference, write),
    listConferences: relay(conference.listConferences, read),
    getConference: relay(conference.getConference, read),
    deleteConference: relay(conference.deleteConference, write),
    createEvent: relay(conference.createEvent, write),
    listEvents: relay(conference.listEvents, read),
    getEvent: relay(conference.getEvent, read),
    deleteEvent: relay(conference.deleteEvent, write),
  } satisfies Handlers<typeof authorContract & typeof conferenceContract>;
}
