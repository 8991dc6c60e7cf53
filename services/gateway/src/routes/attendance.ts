import type { attendanceContract } from '@attendance/common/contract/attendance';
import { Problem } from '@attendance/common/contract/problems';
import type { Handlers } from '@attendance/common/http/handlers';
import type { Pair } from 'many-to-many';
import type { Attendance } from '../attendance.ts';
import { missingOfPair, notDone, notFound } from './problems.ts';
import { page } from './page.ts';

/** Event is the left side of the relation, author the right one. */
const pairOf = ({ event_id, author_id }: { event_id: string; author_id: string }): Pair => ({
  left: event_id,
  right: author_id,
});

/** The relation over HTTP: each handler makes one call and presents its outcome. */
export function attendanceHandlers(attendance: Attendance): Handlers<typeof attendanceContract> {
  return {
    async addAttendance({ params }, { requestId }) {
      const result = await attendance.add(pairOf(params), requestId);
      switch (result.outcome) {
        case 'added': {
          const location = `/event/${params.event_id}/attendance/${params.author_id}`;
          return { status: 201, location, body: { event: result.left, author: result.right } };
        }
        case 'already_present':
          return { status: 200, body: { event: result.left, author: result.right } };
        case 'entity_not_found':
          return missingOfPair(result.missing, pairOf(params));
        case 'not_executed':
        case 'unknown':
          return notDone(result);
      }
    },

    async getAttendance({ params }, { requestId }) {
      const seen = await attendance.read(pairOf(params), requestId);
      switch (seen.outcome) {
        case 'visible':
          return { status: 200, body: { event: seen.left, author: seen.right } };
        case 'entity_not_found':
          return missingOfPair(seen.missing, pairOf(params));
        case 'absent':
          return new Problem('attendance_not_found');
        case 'not_executed':
          throw seen;
      }
    },

    async removeAttendance({ params }, { requestId }) {
      const result = await attendance.remove(pairOf(params), requestId);
      switch (result.outcome) {
        case 'removed':
          return { status: 204 };
        case 'entity_not_found':
          return missingOfPair(result.missing, pairOf(params));
        case 'absent':
          return new Problem('attendance_not_found');
        case 'not_executed':
        case 'unknown':
          return notDone(result);
      }
    },

    async listEventAttendance({ params: { event_id }, query }, { requestId }) {
      const { request, nextCursor } = page(event_id, `event/${event_id}/attendance`, query);
      const result = await attendance.listByLeft(request, requestId);
      if (result.outcome === 'entity_not_found') return notFound('event', event_id);
      if (result.outcome === 'not_executed') throw result;
      const { entity: event, items: attendees, next } = result;
      return { status: 200, body: { event, attendees, next_cursor: nextCursor(next) } };
    },

    async listAuthorAttendance({ params: { author_id }, query }, { requestId }) {
      const { request, nextCursor } = page(author_id, `author/${author_id}/attendance`, query);
      const result = await attendance.listByRight(request, requestId);
      if (result.outcome === 'entity_not_found') return notFound('author', author_id);
      if (result.outcome === 'not_executed') throw result;
      const { entity: author, items: events, next } = result;
      return { status: 200, body: { author, events, next_cursor: nextCursor(next) } };
    },

    async listConferenceAttendance({ params: { conference_id }, query }, { requestId }) {
      const { request, nextCursor } = page(conference_id, `conference/${conference_id}/attendance`, query);
      const result = await attendance.listByConference(request, requestId);
      if (result.outcome === 'entity_not_found') return notFound('conference', conference_id);
      if (result.outcome === 'not_executed') throw result;
      const { entity: conference, items: attendees, next } = result;
      return { status: 200, body: { conference, attendees, next_cursor: nextCursor(next) } };
    },
  };
}
