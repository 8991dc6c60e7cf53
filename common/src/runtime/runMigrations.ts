import { migrate, type Migrations } from '../database/migrate.ts';
import { databaseSettings } from '../database/variables.ts';
import { migrateConfig, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { main } from './run.ts';

/** Brings an owner service's database up to its latest migration, and ends. */
export function runMigrations(service: string, migrations: Migrations): void {
  main(async () => {
    const log = createLogger({ service, level: 'info' });
    const names = await migrate(databaseSettings(readConfig(migrateConfig)), migrations, { direction: 'up' });
    log.info({ migrations: names }, names.length > 0 ? 'migrated' : 'up to date');
  });
}
