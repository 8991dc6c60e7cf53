import { migrate, type Migrations } from '../database/migrate.ts';
import { databaseSettings } from '../database/variables.ts';
import { migrateConfig, readConfig } from './config.ts';
import { createLogger } from './logger.ts';

/** Brings an owner service's database up to its latest migration. */
export async function runMigrations(service: string, migrations: Migrations): Promise<void> {
  const log = createLogger({ service, level: 'info' });
  const names = await migrate(databaseSettings(readConfig(migrateConfig)), migrations, { direction: 'up' });
  log.info({ migrations: names }, names.length > 0 ? 'migrated' : 'up to date');
}
