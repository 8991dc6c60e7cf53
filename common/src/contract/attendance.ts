import { z } from 'zod';
import { author, conference, event } from './entities.ts';
import { operation } from './operation.ts';
import { uuid } from 'many-to-many';
import { nextCursor, pageQuery } from './values.ts';

const pair = z.strictObject({ event_id: uuid, author_id: uuid });
const attendance = z.object({ event, author }).meta({ id: 'Attendance' });

/** The relation between authors and events, which the gateway composes of its two copies. */
export const attendanceContract = {
  addAttendance: operation({
    method: 'POST',
    path: '/event/:event_id/attendance/:author_id',
    summary: 'Record that an author attends an event',
    description:
      '201 if it is new, 200 if the author attends already. After 404 or 503 it is certainly not recorded. ' +
      'After 504 it may be recorded or not; the outcome is final within 60 s, and the request may be repeated.',
    params: pair,
    answers: { 200: attendance, 201: attendance },
    problems: ['event_not_found', 'author_not_found', 'not_executed', 'outcome_unknown'],
  }),
  getAttendance: operation({
    method: 'GET',
    path: '/event/:event_id/attendance/:author_id',
    summary: 'Get an attendance',
    params: pair,
    answers: { 200: attendance },
    problems: ['event_not_found', 'author_not_found', 'attendance_not_found', 'not_executed'],
  }),
  removeAttendance: operation({
    method: 'DELETE',
    path: '/event/:event_id/attendance/:author_id',
    summary: 'Remove an attendance',
    params: pair,
    answers: { 204: null },
    problems: ['event_not_found', 'author_not_found', 'attendance_not_found', 'not_executed', 'outcome_unknown'],
  }),
  listEventAttendance: operation({
    method: 'GET',
    path: '/event/:event_id/attendance',
    summary: 'List who attends an event, in the order of author ids',
    description: 'A page may be short, even empty, and still have a next one.',
    params: z.strictObject({ event_id: uuid }),
    query: z.strictObject(pageQuery),
    answers: { 200: z.object({ event, attendees: z.array(author), next_cursor: nextCursor }) },
    problems: ['event_not_found', 'not_executed'],
  }),
  listAuthorAttendance: operation({
    method: 'GET',
    path: '/author/:author_id/attendance',
    summary: 'List what an author attends, in the order of event ids',
    description: 'A page may be short, even empty, and still have a next one.',
    params: z.strictObject({ author_id: uuid }),
    query: z.strictObject(pageQuery),
    answers: { 200: z.object({ author, events: z.array(event), next_cursor: nextCursor }) },
    problems: ['author_not_found', 'not_executed'],
  }),
  listConferenceAttendance: operation({
    method: 'GET',
    path: '/conference/:conference_id/attendance',
    summary: "List who attends a conference's events, in the order of author ids",
    description: 'A page may be short, even empty, and still have a next one.',
    params: z.strictObject({ conference_id: uuid }),
    query: z.strictObject(pageQuery),
    answers: {
      200: z.object({
        conference,
        attendees: z.array(z.object({ author, events: z.array(uuid) })),
        next_cursor: nextCursor,
      }),
    },
    problems: ['conference_not_found', 'not_executed'],
  }),
};
