import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@attendance/common/contract/problems';
import { withClient } from '@attendance/common/database/client';
import { createDatabase } from '@attendance/common/database/connect';
import { execute } from '@attendance/common/database/execute';
import { answerOf, violates } from '@attendance/common/database/failures';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import type { Knex } from 'knex';
import { v7 } from 'uuid';
import {
  adminConnection,
  createTestDatabases,
  holding,
  type TestDatabase,
  type TestDatabases,
} from '../support/postgres.ts';
import { TcpProxy } from '../support/tcpProxy.ts';

const times = createTimes();

describe('execute', () => {
  let databases: TestDatabases;
  let author: TestDatabase;
  let proxy: TcpProxy;
  let database: Knex;

  before(async () => {
    databases = await createTestDatabases();
    author = databases.author;
  });
  after(() => databases.drop());
  beforeEach(async () => {
    proxy = await new TcpProxy(author.service).start();
    database = createDatabase(
      { ...author.service, host: '127.0.0.1', port: proxy.port, poolMax: 2, applicationName: 'test' },
      times,
    );
  });
  afterEach(async () => {
    proxy.thaw();
    await database.destroy();
    proxy.stop();
  });

  const run = <Row>(text: string, values: unknown[] = []) =>
    execute<Row>(database, { name: text.slice(0, 60), text, values });
  const failure = (promise: Promise<unknown>): Promise<Problem> =>
    promise.then(
      () => expect.fail('it succeeded'),
      (error: unknown) => error as Problem,
    );
  const insert = (id: string) => run('INSERT INTO authors (id, full_name) VALUES ($1, $2)', [id, 'Ada']);
  const exists = (id: string) =>
    withClient(author.owner, async (client) => {
      const { rowCount } = await client.query('SELECT FROM authors WHERE id = $1', [id]);
      return rowCount === 1;
    });
  /** What PostgreSQL raises with this SQLSTATE. */
  const raise = (code: string) => run(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${code}'; END $$`);
  const backend = async () => (await run<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid;
  const terminate = (pid: number) =>
    withClient(adminConnection(), (client) => client.query(`SELECT pg_terminate_backend(${pid})`));
  /** Resolves once PostgreSQL is at a statement that contains this. */
  const runningAt = (part: string) =>
    withClient(adminConnection(), async (client) => {
      const text = `SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND strpos(query, $2) > 0`;
      const values = [author.logical.database, part];
      while ((await client.query(text, values)).rowCount === 0) await sleep(5);
    });

  it('runs named statements and query builders', async () => {
    const id = v7();
    await insert(id);
    expect(await run('SELECT full_name FROM authors WHERE id = $1', [id])).to.deep.equal([{ full_name: 'Ada' }]);
    expect(await execute(database, database('authors').select('full_name').where({ id }))).to.deep.equal([
      { full_name: 'Ada' },
    ]);
  });

  it('bounds statements and locks at the server, and compiles none', async () => {
    const rows = await run<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings
       WHERE name IN ('statement_timeout', 'lock_timeout', 'jit', 'application_name') ORDER BY name`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).to.deep.equal({
      application_name: 'test',
      jit: 'off',
      lock_timeout: String(times.statement),
      statement_timeout: String(times.statement),
    });
  });

  describe('not_executed', () => {
    it('where PostgreSQL answered with an error, which stays the cause', async () => {
      const problem = await failure(run('SELECT nonsense'));
      expect(problem).to.include({ code: 'not_executed' });
      expect(answerOf(problem.cause)?.code).to.equal('42703');
    });

    it('where a constraint was broken, and tells which', async () => {
      const id = v7();
      await insert(id);
      const problem = await failure(insert(id));
      expect(problem.code).to.equal('not_executed');
      expect(violates(problem, 'authors_pkey')).to.equal(true);
      expect(violates(problem, 'authors_full_name_check')).to.equal(false);
      expect(violates(problem.cause, 'authors_pkey')).to.equal(false);
    });

    it('where the statement or a lock took too long', async () => {
      expect(await failure(run('SELECT pg_sleep(10)'))).to.include({ code: 'not_executed' });
      const id = v7();
      await insert(id);
      await holding(author.owner, 'SELECT FROM authors WHERE id = $1 FOR UPDATE', [id], async () => {
        const problem = await failure(run('DELETE FROM authors WHERE id = $1', [id]));
        expect(problem.code).to.equal('not_executed');
      });
      expect(await exists(id)).to.equal(true);
    });

    it('where no connection was free in time', async () => {
      const busy = [run('SELECT pg_sleep(1.4)'), run('SELECT pg_sleep(1.4)')];
      const started = performance.now();
      expect(await failure(run('SELECT 1'))).to.include({ code: 'not_executed' });
      expect(performance.now() - started).to.be.within(times.wait - 5, times.public);
      await Promise.all(busy);
    });

    it('where the server cannot be reached, does not answer, or refuses the role', async () => {
      const elsewhere = async (more: { port?: number; password?: string }) => {
        const other = createDatabase({ ...author.service, poolMax: 2, applicationName: 'test', ...more }, times);
        try {
          const problem = await failure(execute(other, { name: 'one', text: 'SELECT 1', values: [] }));
          expect(problem.code).to.equal('not_executed');
        } finally {
          await other.destroy();
        }
      };
      await elsewhere({ port: 1 });
      await elsewhere({ password: 'wrong' });
      proxy.freeze();
      await elsewhere({ port: proxy.port });
    });

    it('where it was rolled back again and again for the sake of another', async () => {
      for (const code of ['40P01', '40001']) {
        const problem = await failure(raise(code));
        expect(problem.code).to.equal('not_executed');
        expect(answerOf(problem.cause)?.code).to.equal(code);
      }
    });
  });

  describe('outcome_unknown', () => {
    for (const code of ['08006', '40003', '57P01', '57P02', '53100', '58030', 'XX000'])
      it(`where PostgreSQL answered ${code}`, async () => {
        expect(await failure(raise(code))).to.include({ code: 'outcome_unknown' });
      });

    it('where the backend was ended under the statement', async () => {
      const pid = await backend();
      const running = failure(run('SELECT pg_sleep(10)'));
      await runningAt('pg_sleep(10)');
      await terminate(pid);
      expect(await running).to.include({ code: 'outcome_unknown' });
      expect(await backend()).not.to.equal(pid);
    });

    it('where the connection broke, although the statement then commits', async () => {
      const id = v7();
      const running = failure(
        run(
          'WITH pause AS MATERIALIZED (SELECT pg_sleep(0.5)) INSERT INTO authors (id, full_name) SELECT $1, $2 FROM pause',
          [id, 'Ada'],
        ),
      );
      await runningAt('FROM pause');
      proxy.cut();
      expect(await running).to.include({ code: 'outcome_unknown' });
      while (!(await exists(id))) await sleep(20);
    });

    it('where no answer came in time; the late one is nobody else’s', async () => {
      const pid = await backend();
      proxy.freeze();
      const started = performance.now();
      expect(await failure(run("SELECT 'late' AS answer"))).to.include({ code: 'outcome_unknown' });
      expect(performance.now() - started).to.be.within(times.downstream - 5, times.public);
      proxy.thaw();
      for (let i = 0; i < 5; i += 1) expect(await run("SELECT 'own' AS answer")).to.deep.equal([{ answer: 'own' }]);
      expect(await backend()).not.to.equal(pid);
    });
  });

  it('recovers by itself once the server is back, on as few connections as before', async () => {
    await Promise.all([backend(), backend(), backend()]);
    proxy.cut();
    await sleep(20);
    await Promise.all([backend(), backend(), backend()]);
    expect(proxy.accepted).to.be.within(2, 4);
  });

  it('runs a statement again that lost a deadlock', async () => {
    // its statements take longer than the second after which PostgreSQL looks for deadlocks
    const patient = createDatabase(
      { ...author.service, poolMax: 2, applicationName: 'test' },
      createTimes({ scale: 3 }),
    );
    const ids = [v7(), v7()];
    for (const id of ids) await insert(id);
    const lockBoth = (values: string[]) =>
      execute(patient, {
        name: 'lock_both',
        text: `
          WITH first AS MATERIALIZED (SELECT FROM authors WHERE id = $1 FOR UPDATE),
          pause AS MATERIALIZED (SELECT pg_sleep(1) FROM first)
          SELECT id FROM authors WHERE id = $2 AND EXISTS (SELECT FROM pause) FOR UPDATE`,
        values,
      });
    // both connections are there before it begins, so that both statements have their first lock in time
    await Promise.all([1, 2].map(() => execute(patient, { name: 'warm', text: 'SELECT pg_sleep(0.1)', values: [] })));
    const started = performance.now();
    try {
      await Promise.all([lockBoth(ids), lockBoth([...ids].reverse())]);
    } finally {
      await patient.destroy();
    }
    expect(performance.now() - started, 'there was no deadlock').to.be.above(2_500);
  });
});
