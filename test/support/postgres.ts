import { randomBytes } from 'node:crypto';
import { withClient } from '@attendance/common/database/client';
import { migrate, type Migrations } from '@attendance/common/database/migrate';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import { setUpDatabase, type LogicalDatabase } from '@attendance/migrations/setup';
import pg from 'pg';

/** Parses `POSTGRES_URL`, the URL of a superuser: `postgres://postgres:secret@127.0.0.1:5432/postgres`. */
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
  migrationRole: DatabaseSettings;
  serviceRole: DatabaseSettings;
  logical: LogicalDatabase;
}

export interface TestDatabases {
  author: TestDatabase;
  conference: TestDatabase;
  /** Deletes both databases and their roles, and ends the connections that are left. */
  drop: () => Promise<void>;
}

/**
 * Creates and migrates both logical databases. Their names are unique, so that tests can run in parallel.
 * @param admin returns the superuser of the server; called for each statement
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
  const migrationRole = { host, port, ssl, database, ...logical.owner };
  await migrate(migrationRole, migrations, { direction: 'up' });
  const serviceRole = { host, port, ssl, database, ...logical.service, ...pooler() };
  return { migrationRole, serviceRole, logical };
}

/** Where service roles connect: to PgBouncer, if `PGBOUNCER_PORT` has its port. */
function pooler(): Partial<DatabaseSettings> {
  const port = process.env.PGBOUNCER_PORT;
  return port ? { host: '127.0.0.1', port: Number(port), pooler: true } : {};
}

/** Deletes a database and its roles, and ends the connections that are left. */
export async function dropTestDatabase(
  { logical: { database, owner, service } }: Pick<TestDatabase, 'logical'>,
  admin = adminConnection(),
): Promise<void> {
  await withClient(admin, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
    for (const { user } of [service, owner]) await client.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(user)}`);
  });
}

/** Begins a transaction with a statement, runs `work` while it is open, then rolls it back. */
export function withOpenTransaction<T>(
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
