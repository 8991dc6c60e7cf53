import type { authorLists, conferenceLists } from '@attendance/common/contract/relation';
import type { Author, Conference } from '@attendance/common/contract/entities';
import {
  isFailure,
  notRead,
  sharedClaims,
  withinDeadline,
  type Asked,
  type Environment,
  type Listed,
  type PageRequest,
  type Times,
} from 'many-to-many';

export interface Attendee {
  author: Author;
  /** Ids of the conference's events that the author attends. */
  events: string[];
}

interface ListParts {
  author: Asked<typeof authorLists>;
  conference: Asked<typeof conferenceLists>;
  times: Times;
  environment: Environment;
}

/**
 * Lists the attendees of a conference's events, in the order of author ids. Only the conference service knows which
 * events those are, so it is asked first, and then the author service for exactly the pairs that it gave.
 */
export function createListByConference({ author, conference, times, environment }: ListParts) {
  return ({ id, after, limit }: Required<PageRequest>, requestId: string): Promise<Listed<Conference, Attendee>> =>
    withinDeadline(environment, times, async () => {
      const request_ids = [requestId];
      const page = await conference.listByConference({ conference_id: id, after, limit, request_ids });
      if (page.outcome === 'entity_not_found') return { outcome: 'entity_not_found' };
      if (isFailure(page)) return notRead(page);

      const answers = page.attendees.map(async ({ author_id, events }) => ({
        events,
        answer: await author.readAttendees({
          author_id,
          event_ids: events.map(({ event_id }) => event_id),
          request_ids,
        }),
      }));
      const items: Attendee[] = [];
      for (const { events, answer } of await Promise.all(answers)) {
        if (answer.outcome === 'entity_not_found') continue;
        if (isFailure(answer)) return notRead(answer);
        const attended = events.filter(({ claims }, i) => sharedClaims(claims, answer.events[i] ?? []).length > 0);
        if (attended.length > 0)
          items.push({ author: answer.entity, events: attended.map(({ event_id }) => event_id) });
      }
      const next = page.more ? (page.attendees.at(-1)?.author_id ?? null) : null;
      return { outcome: 'found', entity: page.entity, items, next };
    });
}
