import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@attendance/common/database/client';
import { migrate } from '@attendance/common/database/migrate';
import { authorMigrations } from '@attendance/migrations/author/index';
import { setUpDatabase } from '@attendance/migrations/setup';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';

describeWith('localedef', 'a cluster in LATIN1, with a locale of that encoding', () => {
  const locale = 'en_US.ISO-8859-1';
  let folder: string;
  let server: OwnServer;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'attendance-locale-'));
    chmodSync(folder, 0o755);
    const { status, stderr } = spawnSync('localedef', ['-i', 'en_US', '-f', 'ISO-8859-1', join(folder, locale)]);
    if (status !== 0) throw new Error(String(stderr));
    server = new OwnServer({
      initdb: ['--encoding=LATIN1', `--locale=${locale}`],
      environment: { LOCPATH: folder, LC_ALL: locale },
    });
    await server.start();
  });
  after(async () => {
    await server.remove();
    rmSync(folder, { recursive: true });
  });

  it('gets databases in UTF-8, which keep every name', async () => {
    const owner = { user: 'author_owner', password: 'one' };
    const service = { user: 'author_service', password: 'two' };
    for (let i = 0; i < 2; i += 1) await setUpDatabase(server.admin, { database: 'author', owner, service });
    const database = { ...server.admin, ...owner, database: 'author' };
    await migrate(database, authorMigrations, { direction: 'up' });
    const names = await withClient({ ...database, ...service }, async (client) => {
      await client.query("INSERT INTO authors (id, full_name) VALUES (gen_random_uuid(), 'Žofia 李 😀')");
      return (await client.query<{ full_name: string }>('SELECT full_name FROM authors')).rows;
    });
    expect(names).to.deep.equal([{ full_name: 'Žofia 李 😀' }]);
  });

  it('has no tables made in a database of another encoding', async () => {
    await withClient(server.admin, (client) => client.query('CREATE DATABASE latin'));
    const error = await migrate({ ...server.admin, database: 'latin' }, authorMigrations, { direction: 'up' }).catch(
      (cause: unknown) => cause,
    );
    expect(error)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/latin has the encoding LATIN1 .* UTF8/);
  });
});
