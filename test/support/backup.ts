import { withClient } from '@attendance/common/database/client';
import pg from 'pg';
import { adminConnection, type TestDatabase } from './postgres.ts';

/** Copies a database while nobody is connected to it. `restore` brings it back to this state. */
export async function backUp({
  logical,
}: TestDatabase): Promise<{ restore: () => Promise<void>; drop: () => Promise<void> }> {
  const database = pg.escapeIdentifier(logical.database);
  const backup = pg.escapeIdentifier(`${logical.database}_backup`);
  const owner = pg.escapeIdentifier(logical.owner.user);
  const service = pg.escapeIdentifier(logical.service.user);
  const run = (...statements: string[]) =>
    withClient(adminConnection(), async (client) => {
      for (const statement of statements) await client.query(statement);
    });
  await run(`CREATE DATABASE ${backup} TEMPLATE ${database}`);
  return {
    restore: () =>
      run(
        `DROP DATABASE ${database}`,
        `CREATE DATABASE ${database} TEMPLATE ${backup} OWNER ${owner}`,
        // a copy does not include the rights on the database itself
        `GRANT CONNECT ON DATABASE ${database} TO ${service}`,
      ),
    drop: () => run(`DROP DATABASE IF EXISTS ${backup}`),
  };
}
