import { migrate } from '@attendance/common/database/migrate';
import { databaseSettings, migrateConfig, readConfig } from '@attendance/common/runtime/config';
import { createLogger } from '@attendance/common/runtime/logger';
import { main } from '@attendance/common/runtime/run';
import { authorMigrations } from '@attendance/migrations/author/index';

main(async () => {
  const log = createLogger({ service: 'author', level: 'info' });
  const names = await migrate(databaseSettings(readConfig(migrateConfig)), authorMigrations, { direction: 'up' });
  log.info({ migrations: names }, names.length > 0 ? 'migrated' : 'up to date');
});
