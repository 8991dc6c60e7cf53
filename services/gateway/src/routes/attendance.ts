import type { attendanceContract } from '@attendance/common/contract/attendance';
import { Problem } from '@attendance/common/contract/problems';
import type { Handlers } from '@attendance/common/http/handlers';
import type { Protocol } from '../protocol/protocol.ts';
import { missingOfPair, notExecuted, notFound, outcomeUnknown } from './problems.ts';
import { page } from './page.ts';

/** The relation over HTTP: each handler asks the protocol once and presents what it says. */
export function attendanceHandlers(protocol: Protocol): Handlers<typeof attendanceContract> {
  return {
    async addAttendance({ params }, { requestId }) {
      const result = await protocol.add(params, requestId);
      switch (result.outcome) {
        case 'added': {
          const location = `/event/${params.event_id}/attendance/${params.author_id}`;
          return { status: 201, location, body: { event: result.event, author: result.author } };
        }
        case 'already_attending':
          return { status: 200, body: { event: result.event, author: result.author } };
        case 'missing':
          return missingOfPair(result.missing, params);
        case 'not_executed':
          return notExecuted(result);
        case 'unknown':
          return outcomeUnknown(result);
      }
    },

    async getAttendance({ params }, { requestId }) {
      const seen = await protocol.readPair(params, requestId);
      switch (seen.outcome) {
        case 'visible':
          return { status: 200, body: { event: seen.event, author: seen.author } };
        case 'missing':
          return missingOfPair(seen.missing, params);
        case 'absent':
          return new Problem('attendance_not_found');
        case 'not_executed':
          return notExecuted(seen);
      }
    },

    async removeAttendance({ params }, { requestId }) {
      const result = await protocol.remove(params, requestId);
      switch (result.outcome) {
        case 'removed':
          return { status: 204 };
        case 'missing':
          return missingOfPair(result.missing, params);
        case 'absent':
          return new Problem('attendance_not_found');
        case 'not_executed':
          return notExecuted(result);
        case 'unknown':
          return outcomeUnknown(result);
      }
    },

    async listEventAttendance({ params: { event_id }, query }, { requestId }) {
      const { request, nextCursor } = page(event_id, `event/${event_id}/attendance`, query);
      const result = await protocol.listByEvent(request, requestId);
      if (result.outcome === 'missing') return notFound('event', event_id);
      if (result.outcome === 'not_executed') return notExecuted(result);
      const { entity: event, items: attendees, next } = result;
      return { status: 200, body: { event, attendees, next_cursor: nextCursor(next) } };
    },

    async listAuthorAttendance({ params: { author_id }, query }, { requestId }) {
      const { request, nextCursor } = page(author_id, `author/${author_id}/attendance`, query);
      const result = await protocol.listByAuthor(request, requestId);
      if (result.outcome === 'missing') return notFound('author', author_id);
      if (result.outcome === 'not_executed') return notExecuted(result);
      const { entity: author, items: events, next } = result;
      return { status: 200, body: { author, events, next_cursor: nextCursor(next) } };
    },

    async listConferenceAttendance({ params: { conference_id }, query }, { requestId }) {
      const { request, nextCursor } = page(conference_id, `conference/${conference_id}/attendance`, query);
      const result = await protocol.listByConference(request, requestId);
      if (result.outcome === 'missing') return notFound('conference', conference_id);
      if (result.outcome === 'not_executed') return notExecuted(result);
      const { entity: conference, items: attendees, next } = result;
      return { status: 200, body: { conference, attendees, next_cursor: nextCursor(next) } };
    },
  };
}
