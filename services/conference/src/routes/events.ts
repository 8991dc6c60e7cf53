import type { conferenceContract } from '@attendance/common/contract/conference';
import { seq } from '@attendance/common/contract/entities';
import { Problem } from '@attendance/common/contract/problems';
import { cutPage, decodeCursor } from '@attendance/common/http/cursor';
import type { Handlers } from '@attendance/common/http/handlers';
import { missing } from '@attendance/common/http/missing';
import type { Query } from 'many-to-many/copy';
import { createConferenceStore } from '../store/conferences.ts';
import { createEventStore } from '../store/events.ts';

type Operations = 'createEvent' | 'listEvents' | 'getEvent' | 'deleteEvent';

/** Creates, reads, lists and deletes events. */
export function eventHandlers(query: Query): Pick<Handlers<typeof conferenceContract>, Operations> {
  const conferences = createConferenceStore(query);
  const events = createEventStore(query);

  return {
    createEvent: async ({ body }) => {
      const event = await events.create(body);
      if (event === 'unknown_conference')
        return missing('conference', { path: 'body.conference_id', id: body.conference_id });
      if (event === 'seq_taken')
        return new Problem('seq_taken', {
          errors: [{ path: 'body.seq', code: 'seq_taken', message: 'is the seq of another event of the conference' }],
        });
      return { status: 201, location: `/event/${event.id}`, body: event };
    },

    listEvents: async ({ query: { conference_id, limit, cursor } }) => {
      const scope = `event?conference_id=${conference_id}`;
      const after = decodeCursor(cursor, scope, seq);
      const rows = await events.list({ conference_id, after, limit: limit + 1 });
      // only an empty list needs a look at whether the conference exists
      if (rows.length === 0 && !(await conferences.get(conference_id)))
        return missing('conference', { path: 'query.conference_id', id: conference_id });
      return { status: 200, body: cutPage(rows, { limit, scope, key: (event) => event.seq }) };
    },

    getEvent: async ({ params: { id } }) => {
      const event = await events.get(id);
      return event ? { status: 200, body: event } : missing('event', { path: 'params.id', id });
    },

    deleteEvent: async ({ params: { id } }) =>
      (await events.delete(id)) ? { status: 204 } : missing('event', { path: 'params.id', id }),
  };
}
