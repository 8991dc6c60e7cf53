import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { quiet } from './quiet.ts';
import type { DatabaseSettings } from './settings.ts';

export interface Migration {
  up: (knex: Knex) => Promise<unknown>;
  down: (knex: Knex) => Promise<unknown>;
}

/** Migrations by name, in order. Names have no extension: the database remembers them, and both `.ts` and `.js` run. */
export type Migrations = Readonly<Record<string, Migration>>;

/** The schema of knex's own tables. It is not `public`, where the service role may write. */
const schema = 'migration';
/** The key of the advisory lock: any number, the same in every process that migrates. */
const lockKey = 7_083_519_462;
const lockPollMs = 100;

/**
 * Brings a database up to its latest migration, or down to before its first. Several processes may do so at once: one
 * does the work, and the others wait for it.
 *
 * @returns the names of the migrations that ran
 */
export async function migrate(
  settings: DatabaseSettings,
  migrations: Migrations,
  { direction }: { direction: 'up' | 'down' },
): Promise<string[]> {
  const database = connect(settings);
  try {
    await requireUtf8(database);
    return await underLock(database, async () => {
      await database.schema.createSchemaIfNotExists(schema);
      const config = { migrationSource: sourceOf(migrations), schemaName: schema };
      // a lock of knex that is still held was left by a process that died, since only we hold the advisory lock
      await database.migrate.forceFreeMigrationsLock(config);
      const run: unknown =
        direction === 'up' ? await database.migrate.latest(config) : await database.migrate.rollback(config, true);
      return (run as [batch: number, names: string[]])[1];
    });
  } finally {
    await database.destroy();
  }
}

/** Opens one connection. The lock belongs to its session, so losing the lock also fails the migration. */
function connect(settings: DatabaseSettings): Knex {
  return knex({
    client: 'pg',
    // a function, since knex copies an object, and a password's function with it
    connection: async () => {
      const { passwordFile, ...others } = settings;
      const password = (await passwordFile?.read()) ?? settings.password;
      return {
        ...others,
        ...(password !== undefined && { password }),
        application_name: 'migrate',
        options: '-c statement_timeout=0 -c lock_timeout=0',
      } as Knex.PgConnectionConfig;
    },
    pool: { min: 1, max: 1 },
    log: quiet,
  });
}

async function requireUtf8(database: Knex): Promise<void> {
  const { rows } = await database.raw<{ rows: { encoding: string; name: string }[] }>(
    "SELECT current_setting('server_encoding') AS encoding, current_database() AS name",
  );
  const [{ encoding, name } = { encoding: '', name: '' }] = rows;
  if (encoding === 'UTF8') return;
  const statement = `CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`;
  throw new Error(`the database ${name} has the encoding ${encoding} and must have UTF8: ${statement}`);
}

/** Polls for the lock. A statement that waited for it would block `CREATE INDEX CONCURRENTLY` for ever. */
async function underLock<T>(database: Knex, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const { rows } = await database.raw<{ rows: { locked: boolean }[] }>('SELECT pg_try_advisory_lock(?) AS locked', [
      lockKey,
    ]);
    // held until the connection closes
    if (rows[0]?.locked) return work();
    await sleep(lockPollMs);
  }
}

function sourceOf(migrations: Migrations): Knex.MigrationSource<[string, Migration]> {
  return {
    getMigrations: () => Promise.resolve(Object.entries(migrations)),
    getMigrationName: ([name]) => name,
    getMigration: ([, migration]) => Promise.resolve(migration),
  };
}
