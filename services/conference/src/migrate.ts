import { runMigrations } from '@attendance/common/runtime/runMigrations';
import { conferenceMigrations } from '@attendance/migrations/conference/index';

runMigrations('conference', conferenceMigrations);
