import { runMigrations } from '@attendance/common/runtime/runMigrations';
import { authorMigrations } from '@attendance/migrations/author/index';

runMigrations('author', authorMigrations);
