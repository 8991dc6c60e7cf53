import { withClient } from '@attendance/common/database/client';
import { migrate } from '@attendance/common/database/migrate';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { setUpDatabase } from '@attendance/migrations/setup';
import type { Secrets } from './secrets.ts';

const logical = [
  { database: 'author', migrations: authorMigrations },
  { database: 'conference', migrations: conferenceMigrations },
] as const;

/** The oldest major version that is supported. */
const oldestVersion = 15;

/** Sets up both logical databases and their roles, and migrates their tables to this version of the code. */
export async function prepareDatabases(admin: DatabaseSettings, secrets: Secrets): Promise<void> {
  await refuseOldServer(admin);
  await Promise.all(
    logical.map(async ({ database, migrations }) => {
      const owner = { user: `${database}_owner` as const, password: secrets[`${database}_owner`] };
      const service = { user: `${database}_service` as const, password: secrets[`${database}_service`] };
      await setUpDatabase(admin, { database, owner, service });
      const { host, port, ssl } = admin;
      await migrate({ host, port, ssl, database, ...owner }, migrations, { direction: 'up' });
    }),
  );
}

async function refuseOldServer(admin: DatabaseSettings): Promise<void> {
  const version = await withClient(admin, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? '0';
  });
  if (parseInt(version) < oldestVersion)
    throw new Error(
      `PostgreSQL ${oldestVersion} or later is needed (${admin.host}:${admin.port} is ${version}): upgrade it`,
    );
}
