import { migrate } from '@attendance/common/database/migrate';
import { databaseSettings, migrateConfig, readConfig } from '@attendance/common/runtime/config';
import { createLogger } from '@attendance/common/runtime/logger';
import { main } from '@attendance/common/runtime/run';
import { conferenceMigrations } from '@attendance/migrations/conference/index';

main(async () => {
  const log = createLogger({ service: 'conference', level: 'info' });
  const names = await migrate(databaseSettings(readConfig(migrateConfig)), conferenceMigrations, { direction: 'up' });
  log.info({ migrations: names }, names.length > 0 ? 'migrated' : 'up to date');
});
