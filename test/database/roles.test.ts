import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { setUpDatabase } from '@attendance/migrations/setup';
import { expect } from 'chai';
import pg from 'pg';
import { v7 } from 'uuid';
import { adminConnection, createTestDatabases, dropTestDatabase, type TestDatabases } from '../support/postgres.ts';

const insufficientPrivilege = '42501';

/** Returns the SQLSTATE of a failure; null if the work succeeds. */
const codeOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => (error as pg.DatabaseError).code ?? 'none',
  );
const tryToConnect = (settings: DatabaseSettings) => codeOf(withClient(settings, () => Promise.resolve()));
/** Runs a statement in a transaction and rolls it back. CREATE DATABASE cannot run in a transaction. */
const tryToRun = (settings: DatabaseSettings, sql: string) =>
  codeOf(
    withClient(settings, async (client) => {
      if (/DATABASE/.test(sql)) return client.query(sql);
      await client.query('BEGIN');
      await client.query(sql);
      return client.query('ROLLBACK');
    }),
  );

describe('roles', () => {
  let databases: TestDatabases;
  before(async () => {
    databases = await createTestDatabases();
  });
  after(() => databases.drop());

  const kinds = [
    { kind: 'author', other: 'conference', entities: 'authors', column: 'full_name' },
    { kind: 'conference', other: 'author', entities: 'conferences', column: 'acronym' },
  ] as const;

  for (const { kind, other, entities, column } of kinds)
    describe(`of the ${kind} database`, () => {
      it('the service role reads and writes rows of each of its tables', async () => {
        await withClient(databases[kind].serviceRole, async (client) => {
          await client.query(`INSERT INTO ${entities} (id, ${column}) VALUES ($1, 'x')`, [v7()]);
          await client.query(`UPDATE ${entities} SET ${column} = 'y'`);
          await client.query(`SELECT FROM ${entities} FOR KEY SHARE`);
          await client.query('UPDATE attendance SET retired = true');
          await client.query('DELETE FROM attendance');
          const { rowCount } = await client.query(`DELETE FROM ${entities}`);
          expect(rowCount).to.equal(1);
        });
      });

      for (const [role, title] of [
        ['serviceRole', 'service role'],
        ['migrationRole', 'migration role'],
      ] as const) {
        it(`the ${title} connects to its own database only`, async () => {
          expect(await tryToConnect(databases[kind][role])).to.equal(null);
          const otherDatabase = { ...databases[kind][role], database: databases[other].logical.database };
          expect(await tryToConnect(otherDatabase)).to.equal(insufficientPrivilege);
        });

        for (const [what, sql] of [
          ['create a database', 'CREATE DATABASE mine'],
          ['create a role', 'CREATE ROLE mine'],
          ["change another role's password", "ALTER ROLE postgres PASSWORD 'mine'"],
          ['read files of the server', "SELECT pg_read_file('PG_VERSION')"],
          ['run programs of the server', "COPY pg_class TO PROGRAM 'cat'"],
        ])
          it(`the ${title} cannot ${what}`, async () => {
            expect(await tryToRun(databases[kind][role], sql!)).to.equal(insufficientPrivilege);
          });
      }

      for (const sql of [
        'CREATE TABLE mine (id int)',
        'CREATE TEMPORARY TABLE mine (id int)',
        'CREATE VIEW mine AS SELECT 1',
        'CREATE SEQUENCE mine',
        'CREATE TYPE mine AS (id int)',
        'CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1',
        'CREATE SCHEMA mine',
        `ALTER TABLE ${entities} ADD COLUMN mine int`,
        `CREATE INDEX mine ON ${entities} (${column})`,
        `DROP TABLE attendance`,
        'DROP INDEX attendance_by_event',
        `TRUNCATE attendance`,
        `CREATE TRIGGER mine BEFORE INSERT ON ${entities} EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
        'SELECT FROM migration.knex_migrations',
        'UPDATE migration.knex_migrations_lock SET is_locked = 1',
      ])
        it(`the service role cannot ${sql}`, async () => {
          expect(await tryToRun(databases[kind].serviceRole, sql)).to.equal(insufficientPrivilege);
        });

      it('the service role reads and writes the rows of a table that the migration role creates', async () => {
        await withClient(databases[kind].migrationRole, (client) => client.query('CREATE TABLE added (id int)'));
        try {
          expect(await tryToRun(databases[kind].serviceRole, 'INSERT INTO added VALUES (1)')).to.equal(null);
          expect(await tryToRun(databases[kind].serviceRole, 'TRUNCATE added')).to.equal(insufficientPrivilege);
          expect(await tryToRun(databases[kind].serviceRole, 'DROP TABLE added')).to.equal(insufficientPrivilege);
        } finally {
          await withClient(databases[kind].migrationRole, (client) => client.query('DROP TABLE added'));
        }
      });
    });

  it('another role connects to neither database', async () => {
    const stranger = `stranger_${v7()}`;
    const admin = adminConnection();
    await withClient(admin, (client) =>
      client.query(`CREATE ROLE ${pg.escapeIdentifier(stranger)} LOGIN PASSWORD 'x'`),
    );
    try {
      for (const kind of ['author', 'conference'] as const) {
        const settings = { ...admin, user: stranger, password: 'x', database: databases[kind].logical.database };
        expect(await tryToConnect(settings)).to.equal(insufficientPrivilege);
      }
    } finally {
      await withClient(admin, (client) => client.query(`DROP ROLE ${pg.escapeIdentifier(stranger)}`));
    }
  });
});

describe('setUpDatabase', () => {
  const name = `test_setup_${v7()}"'\\ ü`;
  const logical = {
    database: name,
    owner: { user: `${name}o`, password: `it's "${name}"` },
    service: { user: `${name}s`, password: '\\' },
  };
  const { host, port } = adminConnection();
  const as = ({ user, password }: { user: string; password: string }) => ({
    host,
    port,
    user,
    password,
    database: name,
  });
  afterEach(() => dropTestDatabase({ logical }));

  it('changes the passwords in a second run', async () => {
    await setUpDatabase(adminConnection(), logical);
    await withClient(as(logical.owner), (client) => client.query('CREATE TABLE kept (id int)'));
    const changed = { ...logical, service: { ...logical.service, password: 'new' } };
    await setUpDatabase(adminConnection(), changed);
    expect(await tryToRun(as(changed.service), 'SELECT FROM kept')).to.equal(null);
  });

  it('may run concurrently', async () => {
    await Promise.all([1, 2, 3].map(() => setUpDatabase(adminConnection(), logical)));
    expect(await tryToConnect(as(logical.service))).to.equal(null);
  });

  it('works for a role with CREATEDB and CREATEROLE that is no superuser', async () => {
    const admin = { ...adminConnection(), user: `test_admin_${v7()}`, password: 'x' };
    const role = pg.escapeIdentifier(admin.user);
    await withClient(adminConnection(), (client) =>
      client.query(`CREATE ROLE ${role} LOGIN CREATEDB CREATEROLE PASSWORD 'x'`),
    );
    try {
      await setUpDatabase(admin, logical);
      await setUpDatabase(admin, logical);
      expect(await tryToConnect(as(logical.owner))).to.equal(null);
      expect(await tryToConnect(as(logical.service))).to.equal(null);
      expect(await tryToRun(as(logical.service), 'CREATE TABLE mine (id int)')).to.equal(insufficientPrivilege);
    } finally {
      await dropTestDatabase({ logical });
      await withClient(adminConnection(), (client) => client.query(`DROP ROLE ${role}`));
    }
  });
});

// psql is part of Debian's package `postgresql-client`
const withPsql = spawnSync('psql', ['--version']).error === undefined;
(withPsql ? describe : describe.skip)(`setup.sh${withPsql ? '' : ' (skipped: no psql)'}`, () => {
  const database = `test_setup_${v7().replaceAll('-', '')}`;
  const role = (user: string) => ({ user: `${database}_${user}`, password: 'first' });
  const logical = { database, owner: role('owner'), service: role('service') };
  const admin = adminConnection();
  const as = (settings: { user: string; password: string }) => ({ ...admin, database, ...settings });
  after(() => dropTestDatabase({ logical }));

  const script = fileURLToPath(new URL('../../charts/postgres/files/setup.sh', import.meta.url));
  const run = (servicePassword: string) => {
    const { status, stderr } = spawnSync('sh', [script], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        PGHOST: admin.host,
        PGPORT: `${admin.port}`,
        PGUSER: admin.user,
        PGPASSWORD: admin.password,
        DATABASE: database,
        MIGRATION_PASSWORD: 'first',
        SERVICE_PASSWORD: servicePassword,
      },
    });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  };

  it('sets up a database with psql, and changes the password in a second run', async () => {
    run('first');
    await withClient(as(logical.owner), (client) => client.query('CREATE TABLE kept (id int)'));
    run(`it's "new" \\`);
    const service = as({ ...logical.service, password: `it's "new" \\` });
    expect(await tryToRun(service, 'SELECT FROM kept')).to.equal(null);
    expect(await tryToRun(service, 'CREATE TABLE mine (id int)')).to.equal(insufficientPrivilege);
  });
});
