import { randomBytes } from 'node:crypto';
import { withClient } from '@attendance/common/database/client';
import { migrate, type Migrations } from '@attendance/common/database/migrate';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { setUpDatabase, type LogicalDatabase } from '@attendance/migrations/setup';
import pg from 'pg';

/** Reads `POSTGRES_URL`, which names a server's superuser: `postgres://postgres:secret@127.0.0.1:5432/postgres`. */
export function adminConnection(): DatabaseSettings {
  const variable = process.env.POSTGRES_URL;
  if (!variable) throw new Error('POSTGRES_URL is not set');
  const url = new URL(variable);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || 'postgres',
  };
}

export interface TestDatabase {
  /** As the migration role, which owns the database. */
  owner: DatabaseSettings;
  /** As the service role. */
  service: DatabaseSettings;
  logical: LogicalDatabase;
}

export interface TestDatabases {
  author: TestDatabase;
  conference: TestDatabase;
  /** Deletes them and their roles, even if someone is still connected. */
  drop: () => Promise<void>;
}

/**
 * Creates both logical databases, migrated, under names of their own, so that any number of tests can run side by side.
 * @param admin gives the superuser of the server on which to create them; called each time
 */
export async function createTestDatabases(admin = adminConnection): Promise<TestDatabases> {
  const [author, conference] = await Promise.all([
    createTestDatabase('author', authorMigrations, admin()),
    createTestDatabase('conference', conferenceMigrations, admin()),
  ]);
  const drop = async () => {
    await dropTestDatabase(author, admin());
    await dropTestDatabase(conference, admin());
  };
  return { author, conference, drop };
}

/** Creates one logical database and migrates it. */
export async function createTestDatabase(
  kind: string,
  migrations: Migrations,
  admin = adminConnection(),
): Promise<TestDatabase> {
  const { host, port, ssl } = admin;
  const database = `test_${kind}_${randomBytes(6).toString('hex')}`;
  const logical = {
    database,
    owner: { user: `${database}_owner`, password: randomBytes(12).toString('hex') },
    service: { user: `${database}_service`, password: randomBytes(12).toString('hex') },
  };
  await setUpDatabase(admin, logical);
  const owner = { host, port, ssl, database, ...logical.owner };
  await migrate(owner, migrations, { direction: 'up' });
  return { owner, service: { host, port, ssl, database, ...logical.service, ...pooler() }, logical };
}

/** Where service roles connect to: PgBouncer, if `PGBOUNCER_PORT` has its port. */
function pooler(): Partial<DatabaseSettings> {
  const port = process.env.PGBOUNCER_PORT;
  return port ? { host: '127.0.0.1', port: Number(port), pooler: true } : {};
}

/** Deletes a database and its roles, even if someone is still connected. */
export async function dropTestDatabase(
  { logical: { database, owner, service } }: TestDatabase,
  admin = adminConnection(),
): Promise<void> {
  await withClient(admin, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
    for (const { user } of [service, owner]) await client.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(user)}`);
  });
}

/** Runs `sql` in a transaction, keeps the transaction open while `work` runs, then rolls it back. */
export function holding<T>(
  settings: DatabaseSettings,
  sql: string,
  values: unknown[],
  work: () => Promise<T>,
): Promise<T> {
  return withClient(settings, async (client) => {
    await client.query('BEGIN');
    await client.query(sql, values);
    try {
      return await work();
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
