import { withClient } from '@attendance/common/database/client';
import pg from 'pg';
import { adminConnection, type TestDatabase } from './postgres.ts';

/** Copies a database, to which nothing may be connected. `restore` replaces the database by the copy. */
export async function backUp({
  logical,
}: TestDatabase): Promise<{ restore: () => Promise<void>; drop: () => Promise<void> }> {
  const database = pg.escapeIdentifier(logical.database);
  const backup = pg.escapeIdentifier(`${logical.database}_backup`);
  const migrationRole = pg.escapeIdentifier(logical.owner.user);
  const serviceRole = pg.escapeIdentifier(logical.service.user);
  const run = (...statements: string[]) =>
    withClient(adminConnection(), async (client) => {
      for (const statement of statements) await client.query(statement);
    });
  await run(`CREATE DATABASE ${backup} TEMPLATE ${database}`);
  return {
    restore: () =>
      run(
        `DROP DATABASE ${database}`,
        `CREATE DATABASE ${database} TEMPLATE ${backup} OWNER ${migrationRole}`,
        // CREATE DATABASE does not copy the rights on the database itself
        `GRANT CONNECT ON DATABASE ${database} TO ${serviceRole}`,
      ),
    drop: () => run(`DROP DATABASE IF EXISTS ${backup}`),
  };
}
