import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { authorMigrations } from '@attendance/migrations/author/index';
import pg from 'pg';
import { eventually } from '../../test/support/claims.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { ServiceProcess } from '../../test/support/process.ts';
import { databaseVariables, serviceToken } from '../../test/support/system.ts';

const main = fileURLToPath(new URL('../../services/author/dist/main.js', import.meta.url));
/** How soon a service serves after its database can be written to again, in milliseconds. */
const recoveryMs = 5_000;

describe('a database that is read-only', () => {
  let server: OwnServer;
  let database: TestDatabase;
  let author: ServiceProcess;
  let client: Client;

  before(async () => {
    server = new OwnServer();
    await server.start();
    database = await createTestDatabase('author', authorMigrations, server.admin);
    author = new ServiceProcess(main, { ...databaseVariables(database.serviceRole), SERVICE_TOKEN: serviceToken });
    await author.start();
    client = createClient({ gateway: author.url });
  });
  after(async () => {
    client.close();
    await author.stop();
    await server.remove();
  });

  const ready = async () => (await fetch(`${author.managementUrl}/readyz`)).status;
  const asAdmin = (...statements: string[]) =>
    withClient(server.admin, async (admin) => {
      for (const statement of statements) await admin.query(statement);
    });
  const role = () => pg.escapeIdentifier(database.serviceRole.user);
  const terminate = () =>
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${pg.escapeLiteral(database.serviceRole.user)}`;

  const works = async () => {
    expect((await client.createAuthor('Ada')).status).to.equal(201);
    expect(await ready()).to.equal(200);
  };
  const refuses = async (reason: string) => {
    expect((await client.createAuthor('Ada')).status).to.equal(503);
    expect((await client.request('GET', '/author')).status).to.equal(503);
    expect(await ready()).to.equal(503);
    await eventually(() => void expect(warnings().join()).to.include(reason));
  };
  const warnings = () => author.logs.filter(({ level }) => level === 40).map((line) => JSON.stringify(line));
  const recovers = async () => {
    const started = performance.now();
    await eventually(works);
    expect(performance.now() - started).to.be.below(recoveryMs);
  };

  it('is not used while the role is read-only, and is used again at once', async () => {
    await eventually(works);
    await asAdmin(`ALTER ROLE ${role()} SET default_transaction_read_only = on`, terminate());
    await eventually(() => refuses('read-only'));
    // also requests that come all the time find no connection of before
    for (let i = 0; i < 20; i += 1) expect((await client.createAuthor('Ada')).status).to.equal(503);
    await asAdmin(`ALTER ROLE ${role()} RESET default_transaction_read_only`);
    await recovers();
  });

  it('is not used while open connections are made read-only, and is used again at once', async () => {
    await eventually(works);
    await asAdmin('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()');
    await eventually(() => refuses('read-only'));
    await withClient(server.admin, async (admin) => {
      await admin.query('SET default_transaction_read_only = off');
      await admin.query('ALTER SYSTEM RESET default_transaction_read_only');
      await admin.query('SELECT pg_reload_conf()');
    });
    await recovers();
  });

  it('is not even read from while it is a standby, and is used again when promoted', async () => {
    await eventually(works);
    await server.stop();
    await server.start({ standby: true });
    await eventually(() => refuses('standby'));
    await asAdmin('SELECT pg_promote()');
    await recovers();
  });

  it('that shuts down and comes back is used again at once', async () => {
    await eventually(works);
    await server.stop();
    await eventually(async () => void expect(await ready()).to.equal(503));
    await server.start();
    await recovers();
  });
});
