import { readFile } from 'node:fs/promises';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';

interface Role {
  user: string;
  password: string;
}

export interface LogicalDatabase {
  database: string;
  /** The migration role, which owns the database and runs its migrations. */
  owner: Role;
  /** The service role, which only reads and writes the rows of the tables. */
  service: Role;
}

const functions = new URL('../../charts/postgres/files/logical-database.sql', import.meta.url);

/**
 * Creates a logical database and its two roles, or restores their rights and changes their passwords. Migrations create
 * the tables.
 *
 * @param admin a superuser, or a role with CREATEDB and CREATEROLE; its database is any other, such as `postgres`
 */
export async function setUpDatabase(admin: DatabaseSettings, { database, owner, service }: LogicalDatabase) {
  const sql = await readFile(functions, 'utf8');
  await withClient({ ...admin, application_name: 'setup' }, async (client) => {
    await client.query(sql);
    const { rows } = await client.query<{ statement: string }>(
      'SELECT pg_temp.create_logical_database($1, $2, $3, $4, $5) AS statement',
      [database, owner.user, owner.password, service.user, service.password],
    );
    for (const { statement } of rows) await client.query(statement);
  });
  await withClient({ ...admin, ...owner, database, application_name: 'setup' }, async (client) => {
    await client.query(sql);
    await client.query('SELECT pg_temp.restrict_logical_database($1)', [service.user]);
  });
}
