import { clientOf, withClient } from '@attendance/common/database/client';
import { checkSession } from '@attendance/common/database/checkSession';
import { createPool } from '@attendance/common/database/pool';
import { createTimes } from '@attendance/common/times';
import { authorMigrations } from '@attendance/migrations/author/index';
import { expect } from 'chai';
import { execute, overPool } from 'many-to-many/copy';
import pg from 'pg';
import { OwnServer } from '../../test/support/ownServer.ts';
import { failureOf } from '../../test/support/pool.ts';
import {
  adminConnection,
  createTestDatabase,
  dropTestDatabase,
  type TestDatabase,
} from '../../test/support/postgres.ts';

const times = createTimes();

describe('behind a pooler in transaction mode', () => {
  let database: TestDatabase;
  before(async () => void (database = await createTestDatabase('author', authorMigrations)));
  after(() => dropTestDatabase(database));

  it('the service role has the timeouts of the table of times', async () => {
    const text = `SELECT setting FROM pg_settings WHERE name IN ('jit', 'lock_timeout', 'statement_timeout') ORDER BY name`;
    const { rows } = await withClient(database.serviceRole, (client) => client.query<{ setting: string }>(text));
    const found = rows.map(({ setting }) => setting);
    expect(found).to.deep.equal(['off', String(times.statementMs), String(times.statementMs)]);
  });

  it('statements have no names and sessions no parameters', async () => {
    const pool = createPool({ ...database.serviceRole, pooler: true, poolMax: 1, applicationName: 'test' }, times);
    const query = overPool(pool);
    const run = (text: string) => execute<Record<string, unknown>>(query, { name: 'named', text, values: [] });
    try {
      // with a name, the second text would be refused
      expect(await run('SELECT 1 AS n')).to.deep.equal([{ n: 1 }]);
      expect(await run('SELECT 2 AS n, count(*)::int AS prepared FROM pg_prepared_statements')).to.deep.equal([
        { n: 2, prepared: 0 },
      ]);
    } finally {
      await pool.end();
    }
  });

  it('a role without timeouts is refused, and told how to get them', async () => {
    const role = pg.escapeIdentifier(database.serviceRole.user);
    const set = (what: string) => withClient(adminConnection(), (admin) => admin.query(`ALTER ROLE ${role} ${what}`));
    const direct = { ...database.migrationRole, ...database.logical.service };
    const check = () =>
      withClient(direct, (client) => checkSession(client, { pooler: true })).catch((error: unknown) => String(error));
    expect(await check()).to.equal(undefined);
    await set('RESET statement_timeout');
    try {
      expect(await check()).to.match(/needs its timeouts: ALTER ROLE/);
    } finally {
      await set(`SET statement_timeout = '${times.statementMs}ms'`);
    }
  });

  it('a statement fails at a standby, whichever server the connection was made to, and leaves nothing open', async () => {
    const server = new OwnServer();
    try {
      await server.start();
      await server.stop();
      await server.start({ standby: true });
      const client = new (clientOf({ pooler: true }))(server.admin);
      await client.connect();
      const run = () => execute(client.query.bind(client), { text: 'SELECT 1 AS n', values: [] });
      expect(await failureOf(run())).to.include({ outcome: 'not_executed' });
      await client.query('SELECT pg_promote()');
      expect(await run()).to.deep.equal([{ n: 1 }]);
      const { rows } = await client.query('SELECT now() = statement_timestamp() AS is_own_transaction');
      expect(rows).to.deep.equal([{ is_own_transaction: true }]);
      await client.end();
    } finally {
      await server.remove();
    }
  });
});
