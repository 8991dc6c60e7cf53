import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import pg from 'pg';

interface Role {
  user: string;
  password: string;
}

export interface LogicalDatabase {
  database: string;
  /** Owns the database and runs its migrations. */
  owner: Role;
  /** Reads and writes the rows of its tables, and nothing else. */
  service: Role;
}

/** Any number, the same for everybody who sets up databases on one server. */
const lockKey = 4_920_118_355;
const application_name = 'setup';

/**
 * Makes a logical database and its two roles, or brings what is there to this state, the passwords too. Tables are
 * left to migrations.
 *
 * @param admin a superuser, or a role with CREATEDB and CREATEROLE; its database is any other, such as `postgres`
 */
export async function setUpDatabase(admin: DatabaseSettings, logical: LogicalDatabase): Promise<void> {
  await withClient({ ...admin, application_name }, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await createRole(client, logical.owner);
    await createRole(client, logical.service);
    await createDatabase(client, logical);
    // as its owner: an admin who is no superuser has no say in another's database
    const owner = { ...admin, ...logical.owner, database: logical.database, application_name };
    await withClient(owner, (ownerClient) => restrict(ownerClient, logical));
  });
}

async function createRole(client: pg.Client, { user, password }: Role): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${name(user)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
}

async function createDatabase(client: pg.Client, { database, owner }: LogicalDatabase): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount !== 0) return;
  const { rows } = await client.query<{ usage: boolean }>("SELECT pg_has_role($1::name, 'USAGE') AS usage", [
    owner.user,
  ]);
  // only a member of a role may make it the owner of something; a superuser counts as a member of each
  const grant = rows[0]?.usage === false;
  if (grant) await client.query(`GRANT ${name(owner.user)} TO CURRENT_USER`);
  await client.query(`CREATE DATABASE ${name(database)} OWNER ${name(owner.user)} TEMPLATE template0 ENCODING 'UTF8'`);
  if (grant) await client.query(`REVOKE ${name(owner.user)} FROM CURRENT_USER`);
}

async function restrict(client: pg.Client, { database, owner, service }: LogicalDatabase): Promise<void> {
  const rows = 'SELECT, INSERT, UPDATE, DELETE';
  for (const statement of [
    `REVOKE ALL ON DATABASE ${name(database)} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${name(database)} TO ${name(owner.user)}, ${name(service.user)}`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE ON SCHEMA public TO ${name(service.user)}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${rows} ON TABLES TO ${name(service.user)}`,
    // those that are there already, where the service's role is new
    `GRANT ${rows} ON ALL TABLES IN SCHEMA public TO ${name(service.user)}`,
  ])
    await client.query(statement);
}

function name(identifier: string): string {
  return pg.escapeIdentifier(identifier);
}
