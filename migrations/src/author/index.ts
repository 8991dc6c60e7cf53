import type { Migrations } from '@attendance/common/database/migrate';
import * as authors from './001_authors.ts';
import * as attendance from './002_attendance.ts';
import * as deleted from './003_deleted.ts';

export const authorMigrations: Migrations = {
  '001_authors': authors,
  '002_attendance': attendance,
  '003_deleted': deleted,
};
