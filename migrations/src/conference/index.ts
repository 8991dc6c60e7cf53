import type { Migrations } from '@attendance/common/database/migrate';
import * as conferences from './001_conferences.ts';
import * as events from './002_events.ts';
import * as attendance from './003_attendance.ts';
import * as deleted from './004_deleted.ts';

export const conferenceMigrations: Migrations = {
  '001_conferences': conferences,
  '002_events': events,
  '003_attendance': attendance,
  '004_deleted': deleted,
};
