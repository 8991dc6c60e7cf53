import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import { violates } from '@attendance/common/database/constraints';
import { createPool } from '@attendance/common/database/pool';
import { run as runBuilt, sql } from '@attendance/common/database/sql';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import type { Failure } from 'many-to-many';
import { execute, overPool, type Query } from 'many-to-many/copy';
import { v7 } from 'uuid';
import { failureOf, terminateBackend, times, usePool } from '../support/pool.ts';
import { withOpenTransaction } from '../support/postgres.ts';

describe('a statement in a pool', () => {
  const testPool = usePool({ poolMax: 2 });
  const { run, raise, backendPid, untilRunning } = testPool;
  const codeOf = ({ cause }: Failure) => (cause as { code?: string }).code;
  const insert = (id: string) => run('INSERT INTO authors (id, full_name) VALUES ($1, $2)', [id, 'Ada']);
  const exists = (id: string) =>
    withClient(testPool.author.migrationRole, async (client) => {
      const { rowCount } = await client.query('SELECT FROM authors WHERE id = $1', [id]);
      return rowCount === 1;
    });

  it('is a named statement or a query of knex', async () => {
    const id = v7();
    await insert(id);
    expect(await run('SELECT full_name FROM authors WHERE id = $1', [id])).to.deep.equal([{ full_name: 'Ada' }]);
    expect(await runBuilt(testPool.query, sql('authors').select('full_name').where({ id }))).to.deep.equal([
      { full_name: 'Ada' },
    ]);
  });

  it('has a timeout for itself and for its locks, and runs without JIT', async () => {
    const rows = await run<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings
       WHERE name IN ('statement_timeout', 'lock_timeout', 'jit', 'application_name', 'client_min_messages') ORDER BY name`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).to.deep.equal({
      application_name: 'test',
      client_min_messages: 'warning',
      jit: 'off',
      lock_timeout: String(times.statementMs),
      statement_timeout: String(times.statementMs),
    });
  });

  describe('is certainly not executed', () => {
    it('if PostgreSQL answered with an error, which becomes the cause', async () => {
      const error = await failureOf(run('SELECT nonsense'));
      expect(error).to.include({ outcome: 'not_executed' });
      expect(codeOf(error)).to.equal('42703');
    });

    it('if it violates a constraint, which the failure names', async () => {
      const id = v7();
      await insert(id);
      const error = await failureOf(insert(id));
      expect(error.outcome).to.equal('not_executed');
      expect(violates(error, 'authors_pkey')).to.equal(true);
      expect(violates(error, 'authors_full_name_check')).to.equal(false);
      expect(violates(error.cause, 'authors_pkey')).to.equal(false);
    });

    it('if the statement or a lock took too long', async () => {
      expect(await failureOf(run('SELECT pg_sleep(10)'))).to.include({ outcome: 'not_executed' });
      const id = v7();
      await insert(id);
      await withOpenTransaction(
        testPool.author.migrationRole,
        'SELECT FROM authors WHERE id = $1 FOR UPDATE',
        [id],
        async () => {
          const error = await failureOf(run('DELETE FROM authors WHERE id = $1', [id]));
          expect(error.outcome).to.equal('not_executed');
        },
      );
      expect(await exists(id)).to.equal(true);
    });

    it('if no connection was free in time', async () => {
      const running = [run('SELECT pg_sleep(1.4)'), run('SELECT pg_sleep(1.4)')];
      const started = performance.now();
      expect(await failureOf(run('SELECT 1'))).to.include({ outcome: 'not_executed' });
      expect(performance.now() - started).to.be.within(times.waitMs - 5, times.requestMs);
      await Promise.all(running);
    });

    it('if the server cannot be reached, does not answer, or refuses the role', async () => {
      const expectNotExecuted = async (settings: { port?: number; password?: string }) => {
        const other = createPool(
          { ...testPool.author.serviceRole, poolMax: 2, applicationName: 'test', ...settings },
          times,
        );
        const statement = { name: 'one', text: 'SELECT 1', values: [] };
        try {
          expect(await failureOf(execute(overPool(other), statement))).to.include({ outcome: 'not_executed' });
        } finally {
          await other.end();
        }
      };
      await expectNotExecuted({ port: 1 });
      await expectNotExecuted({ password: 'wrong' });
      testPool.proxy.freeze();
      await expectNotExecuted({ port: testPool.proxy.port });
    });

    it('if it was rolled back three times because of other transactions', async () => {
      for (const code of ['40P01', '40001']) {
        let runs = 0;
        const count: Query = (statement) => {
          runs += 1;
          return testPool.query(statement);
        };
        const text = `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${code}'; END $$`;
        const error = await failureOf(execute(count, { text, values: [] }));
        expect(runs).to.equal(3);
        expect(error.outcome).to.equal('not_executed');
        expect(codeOf(error)).to.equal(code);
      }
    });
  });

  describe('has an unknown outcome', () => {
    for (const code of ['08006', '40003', '57P01', '57P02', '53100', '58030', 'XX000'])
      it(`if PostgreSQL answered ${code}`, async () => {
        expect(await failureOf(raise(code))).to.include({ outcome: 'unknown' });
      });

    it('if the backend was terminated while the statement ran', async () => {
      const pid = await backendPid();
      const running = failureOf(run('SELECT pg_sleep(10)'));
      await untilRunning('pg_sleep(10)');
      await terminateBackend(pid);
      expect(await running).to.include({ outcome: 'unknown' });
      expect(await backendPid()).not.to.equal(pid);
    });

    it('if the connection was reset before the statement committed', async () => {
      const id = v7();
      const running = failureOf(
        run(
          'WITH pause AS MATERIALIZED (SELECT pg_sleep(0.5)) INSERT INTO authors (id, full_name) SELECT $1, $2 FROM pause',
          [id, 'Ada'],
        ),
      );
      await untilRunning('FROM pause');
      testPool.proxy.cut();
      expect(await running).to.include({ outcome: 'unknown' });
      while (!(await exists(id))) await sleep(20);
    });

    it('if no answer came in time; the next statements do not get the late answer', async () => {
      const pid = await backendPid();
      testPool.proxy.freeze();
      const started = performance.now();
      expect(await failureOf(run("SELECT 'late' AS answer"))).to.include({ outcome: 'unknown' });
      expect(performance.now() - started).to.be.within(times.callMs - 5, times.requestMs);
      testPool.proxy.thaw();
      for (let i = 0; i < 5; i += 1) expect(await run("SELECT 'own' AS answer")).to.deep.equal([{ answer: 'own' }]);
      expect(await backendPid()).not.to.equal(pid);
    });
  });

  it('is run again if it lost a deadlock', async () => {
    // a statement must outlast deadlock_timeout, which is one second
    const slowPool = createPool(
      { ...testPool.author.serviceRole, poolMax: 2, applicationName: 'test' },
      createTimes({ scale: 3 }),
    );
    const slowQuery = overPool(slowPool);
    const ids = [v7(), v7()];
    for (const id of ids) await insert(id);
    const lockBoth = (values: string[]) =>
      execute(slowQuery, {
        name: 'lock_both',
        text: `
          WITH first AS MATERIALIZED (SELECT FROM authors WHERE id = $1 FOR UPDATE),
          pause AS MATERIALIZED (SELECT pg_sleep(1) FROM first)
          SELECT id FROM authors WHERE id = $2 AND EXISTS (SELECT FROM pause) FOR UPDATE`,
        values,
      });
    // opens both connections first, so that both statements take their first lock at the same time
    await Promise.all([1, 2].map(() => execute(slowQuery, { name: 'warm', text: 'SELECT pg_sleep(0.1)', values: [] })));
    const started = performance.now();
    try {
      await Promise.all([lockBoth(ids), lockBoth([...ids].reverse())]);
    } finally {
      await slowPool.end();
    }
    expect(performance.now() - started, 'there was no deadlock').to.be.above(2_500);
  });
});
