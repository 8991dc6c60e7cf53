import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import { migrate } from '@attendance/common/database/migrate';
import { databaseSettings } from '@attendance/common/database/variables';
import { migrateConfig, readConfig } from '@attendance/common/runtime/config';
import { authorMigrations } from '@attendance/migrations/author/index';
import { expect } from 'chai';
import pg from 'pg';
import { eventually } from '../../test/support/claims.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import {
  adminConnection,
  createTestDatabase,
  dropTestDatabase,
  type TestDatabase,
} from '../../test/support/postgres.ts';
import { ServiceProcess } from '../../test/support/process.ts';
import { databaseVariables, serviceToken, startSystem, type System } from '../../test/support/system.ts';

const main = fileURLToPath(new URL('../../services/author/dist/main.js', import.meta.url));

/** Files of secrets, each with the line end that an editor leaves. */
function useFiles() {
  let folder = '';
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'attendance-secrets-'))));
  after(() => rmSync(folder, { recursive: true }));
  return {
    path: (name: string) => join(folder, name),
    write: (name: string, secret: string) => writeFileSync(join(folder, name), `${secret}\n`),
    remove: (name: string) => rmSync(join(folder, name)),
  };
}

describe('a password in a file', () => {
  const files = useFiles();
  let database: TestDatabase;
  let author: ServiceProcess;
  let client: Client;

  beforeEach(async () => {
    database = await createTestDatabase('author', authorMigrations);
    files.write('password', database.logical.service.password);
    author = new ServiceProcess(main, {
      ...databaseVariables({ ...database.serviceRole, password: '' }),
      DATABASE_PASSWORD_FILE: files.path('password'),
      SERVICE_TOKEN: serviceToken,
    });
    await author.start();
    client = createClient({ gateway: author.url });
    await eventually(() => served(1));
  });
  afterEach(async () => {
    client.close();
    await author.stop();
    await dropTestDatabase(database);
  });

  /** Sends requests at once, so that the pool needs as many connections; every one is to succeed. */
  async function served(requests: number): Promise<void> {
    const replies = await Promise.all(Array.from({ length: requests }, () => client.createAuthor('Ada')));
    expect(replies.map(({ status }) => status)).to.deep.equal(replies.map(() => 201));
    // readiness may still have the answer of a moment when file and server differed
    await eventually(async () => void expect((await fetch(`${author.managementUrl}/readyz`)).status).to.equal(200));
  }
  const alterRole = (password: string) =>
    withClient(adminConnection(), (admin) =>
      admin.query(
        `ALTER ROLE ${pg.escapeIdentifier(database.serviceRole.user)} PASSWORD ${pg.escapeLiteral(password)}`,
      ),
    );

  it('is changed without a failed request: first the file, some time later the server', async () => {
    for (const [password, requests] of [
      ['second', 4],
      ['third', 10],
    ] as const) {
      files.write('password', password);
      await served(requests);
      await alterRole(password);
      await served(requests + 3);
    }
  });

  it('is changed without a failed request: first the server, a moment later the file', async () => {
    await alterRole('second');
    const serving = served(8);
    await sleep(200);
    files.write('password', 'second');
    await serving;
    await served(12);
  });

  it('is read by migrations too, and refused if it cannot be read', async () => {
    files.write('owner', database.logical.owner.password);
    const variables = {
      ...databaseVariables({ ...database.migrationRole, password: '' }),
      DATABASE_PASSWORD_FILE: files.path('owner'),
    };
    const settings = databaseSettings(readConfig(migrateConfig, variables));
    expect(await migrate(settings, authorMigrations, { direction: 'up' })).to.deep.equal([]);
    const reading = (more: Record<string, string>) => () => readConfig(migrateConfig, { ...variables, ...more });
    expect(reading({ DATABASE_PASSWORD: 'x' })).to.throw(/DATABASE_PASSWORD_FILE: is set, and so is DATABASE_PASSWORD/);
    const missing = reading({ DATABASE_PASSWORD_FILE: files.path('missing') });
    expect(missing).to.throw(/ {2}DATABASE_PASSWORD_FILE: cannot be read: ENOENT/);
    files.write('empty', '');
    expect(reading({ DATABASE_PASSWORD_FILE: files.path('empty') })).to.throw(/ {2}DATABASE_PASSWORD_FILE: is empty/);
  });
});

describe('a service token in a file', () => {
  const files = useFiles();
  const [first, second] = ['the-first-token-of-two', 'the-second-token-of-two'];
  let system: System;
  let client: Client;

  before(async () => {
    files.write('token', first);
    system = await startSystem({
      direct: true,
      environment: {
        SERVICE_TOKEN: '',
        SERVICE_TOKEN_FILE: files.path('token'),
        SERVICE_TOKEN_PREVIOUS_FILE: files.path('previous'),
      },
    });
    client = createClient({ gateway: system.gateway });
  });
  after(async () => {
    client.close();
    await system.stop();
  });

  /** Resolves once both owner services accept the token, or refuse it. */
  const accepted = (token: string, is: boolean) =>
    eventually(async () => {
      for (const owner of ['author', 'conference'] as const) {
        const answer = await fetch(`${system.processes[owner].url}/internal/relation/identify`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
        });
        expect(![401, 429].includes(answer.status)).to.equal(is);
      }
    });

  it('is changed without a restart or a failed request', async () => {
    const { event, author } = await populate(client);
    const changing = new AbortController();
    const requests = (async () => {
      while (!changing.signal.aborted)
        expect((await client.addAttendance(event.id, author.id)).status).to.be.oneOf([200, 201]);
    })();
    await accepted(first, true);
    await accepted(second, false);
    files.write('previous', second);
    await accepted(second, true);
    files.write('token', second);
    files.write('previous', first);
    await accepted(second, true);
    files.remove('previous');
    await accepted(first, false);
    changing.abort();
    await requests;
    expect((await client.addAttendance(event.id, author.id)).status).to.equal(200);
  });
});
