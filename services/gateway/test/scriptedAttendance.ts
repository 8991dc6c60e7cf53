import { authorOperations, conferenceOperations } from '@attendance/common/contract/relation';
import type { Author, Conference } from '@attendance/common/contract/entities';
import { createTimes } from '@attendance/common/times';
import { v7 } from 'uuid';
import { Clock } from '../../../many-to-many/test/gateway/clock.ts';
import { scriptedOperations } from '../../../many-to-many/test/gateway/scripted.ts';
import { createAttendance } from '../src/attendance.ts';

export const times = createTimes();

const created_at = '2026-01-01T00:00:00.000Z';
export const sampleAuthor = (id = v7()): Author => ({ id, full_name: 'Ada Lovelace', created_at });
export const sampleConference = (id = v7()): Conference => ({ id, acronym: 'ICSE', created_at });

export type ScriptedAttendance = ReturnType<typeof createScriptedAttendance>;

/** Creates attendance over two scripted owner services, in virtual time. */
export function createScriptedAttendance() {
  const clock = new Clock();
  const author = scriptedOperations(authorOperations);
  const conference = scriptedOperations(conferenceOperations);
  const environment = { now: clock.now, timer: clock.timer, endOfTurn: clock.endOfTurn, newId: () => v7() };
  return { author, conference, clock, attendance: createAttendance({ author, conference, times, environment }) };
}
