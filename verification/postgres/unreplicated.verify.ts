import { withClient } from '@attendance/common/database/client';
import { createPool, type ServicePool } from '@attendance/common/database/pool';
import { createTimes } from '@attendance/common/times';
import { authorMigrations } from '@attendance/migrations/author/index';
import { expect } from 'chai';
import { execute, overPool } from 'many-to-many/copy';
import { v7 } from 'uuid';
import { eventually } from '../../test/support/claims.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { failureOf } from '../../test/support/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';

describe('a commit that waits for a standby that is away', () => {
  let server: OwnServer;
  let database: TestDatabase;
  let pool: ServicePool;

  before(async () => {
    server = new OwnServer();
    await server.start();
    database = await createTestDatabase('author', authorMigrations, server.admin);
    await asAdmin("ALTER SYSTEM SET synchronous_standby_names = 'away'");
    await asAdmin('SELECT pg_reload_conf()');
    // patient, so that the wait ends in no other way
    pool = createPool({ ...database.serviceRole, poolMax: 1, applicationName: 'test' }, createTimes({ scale: 20 }));
  });
  after(async () => {
    await pool.end();
    await server.remove();
  });

  const asAdmin = (statement: string) => withClient(server.admin, (admin) => admin.query(statement));
  const insert = (id: string) =>
    execute(overPool(pool), { text: 'INSERT INTO authors (id, full_name) VALUES ($1, $2)', values: [id, 'Ada'] });
  const interrupt = (how: string) =>
    eventually(async () => {
      const { rowCount } = await asAdmin(`SELECT ${how}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
      expect(rowCount).to.equal(1);
    });

  // an administrator does the first, a fast shutdown the second; both leave the commit at this server alone
  for (const how of ['pg_cancel_backend', 'pg_terminate_backend'])
    it(`is unknown if ${how} ends the wait`, async () => {
      const id = v7();
      const inserted = failureOf(insert(id));
      await interrupt(how);
      expect((await inserted).outcome).to.equal('unknown');
      const { rowCount } = await withClient(database.migrationRole, (client) =>
        client.query('SELECT FROM authors WHERE id = $1', [id]),
      );
      expect(rowCount, 'it is committed here').to.equal(1);
    });
});
