import type { Author, Conference } from '@attendance/common/contract/entities';
import type { askAuthor, askConference } from './ask.ts';
import type { Dependencies } from './dependencies.ts';
import { inTime } from './inTime.ts';
import type { Listed, PageRequest } from './list.ts';
import { noAnswer, sharedClaims } from './visible.ts';

export interface Attendee {
  author: Author;
  /** Ids of the conference's events that the author attends. */
  events: string[];
}

interface ListParts extends Pick<Dependencies, 'now' | 'times'> {
  author: ReturnType<typeof askAuthor>;
  conference: ReturnType<typeof askConference>;
}

/**
 * Lists who attends a conference's events, in the order of author ids. Only the conference service knows which events
 * those are, so that it is asked first, and the author service then for exactly the pairs that it told.
 */
export function createListByConference({ author, conference, ...clock }: ListParts) {
  return ({ id, after, limit }: PageRequest, requestId: string): Promise<Listed<Conference, Attendee>> =>
    inTime(clock, async () => {
      const request_ids = [requestId];
      const told = await conference.listByConference({ conference_id: id, after, limit, request_ids });
      if (told.outcome === 'unknown_owner') return { outcome: 'missing' };
      if (told.outcome !== 'found') return noAnswer(told);

      const items: Attendee[] = [];
      const answers = told.attendees.map(async ({ author_id, events }) => ({
        events,
        answer: await author.readAttendee({
          author_id,
          event_ids: events.map(({ event_id }) => event_id),
          request_ids,
        }),
      }));
      for (const { events, answer } of await Promise.all(answers)) {
        if (answer.outcome === 'unknown_owner') continue;
        if (answer.outcome !== 'found') return noAnswer(answer);
        const attended = events.filter(({ claims }, i) => sharedClaims(claims, answer.events[i] ?? []).length > 0);
        if (attended.length > 0)
          items.push({ author: answer.entity, events: attended.map(({ event_id }) => event_id) });
      }
      const next = told.more ? (told.attendees.at(-1)?.author_id ?? null) : null;
      return { outcome: 'found', entity: told.entity, items, next };
    });
}
