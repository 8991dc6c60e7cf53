import type { conferenceContract } from '@attendance/common/contract/conference';
import { Problem } from '@attendance/common/contract/problems';
import { uuid } from 'many-to-many';
import { cutPage, decodeCursor } from '@attendance/common/http/cursor';
import type { Handlers } from '@attendance/common/http/handlers';
import { missing } from '@attendance/common/http/missing';
import type { Query } from 'many-to-many/copy';
import { createConferenceStore } from '../store/conferences.ts';

type Operations = 'createConference' | 'listConferences' | 'getConference' | 'deleteConference';

/** Creates, reads, lists and deletes conferences. */
export function conferenceHandlers(query: Query): Pick<Handlers<typeof conferenceContract>, Operations> {
  const conferences = createConferenceStore(query);
  const scope = 'conference';

  return {
    createConference: async ({ body }) => {
      const conference = await conferences.create(body);
      return { status: 201, location: `/conference/${conference.id}`, body: conference };
    },

    listConferences: async ({ query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, scope, uuid);
      const rows = await conferences.list({ after, limit: limit + 1 });
      return { status: 200, body: cutPage(rows, { limit, scope, key: (conference) => conference.id }) };
    },

    getConference: async ({ params: { id } }) => {
      const conference = await conferences.get(id);
      return conference ? { status: 200, body: conference } : missing('conference', { path: 'params.id', id });
    },

    deleteConference: async ({ params: { id } }) => {
      const result = await conferences.delete(id);
      if (result === 'unknown') return missing('conference', { path: 'params.id', id });
      if (result === 'has_events') return new Problem('conference_has_events');
      return { status: 204 };
    },
  };
}
