import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { failure, terminate, usePool } from '../support/pool.ts';

describe('a pool of two connections', () => {
  const given = usePool({ poolMax: 2 });
  const { run, backend } = given;

  it('runs statements on two connections, and no more', async () => {
    const pids = await Promise.all(
      Array.from(
        { length: 8 },
        async () => (await run<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.02)'))[0]!.pid,
      ),
    );
    expect(new Set(pids)).to.have.property('size', 2);
    expect(given.proxy.accepted).to.equal(2);
  });

  it('finds new connections once the server is back, as few as before', async () => {
    await Promise.all([backend(), backend(), backend()]);
    given.proxy.cut();
    await sleep(20);
    await Promise.all([backend(), backend(), backend()]);
    expect(given.proxy.accepted).to.be.within(2, 4);
  });
});

describe('a pool of one connection', () => {
  const given = usePool({ poolMax: 1 });
  const { run, raise, backend, runningAt } = given;

  it('never uses a connection again on which a statement failed without proof', async () => {
    for (const code of ['57P01', 'XX000', '40003']) {
      const pid = await backend();
      await failure(raise(code));
      expect(await backend(), code).not.to.equal(pid);
    }
  });

  it('uses a connection again on which a statement was certainly rolled back', async () => {
    const pid = await backend();
    await failure(run('SELECT nonsense'));
    await failure(raise('40P01'));
    expect(await backend()).to.equal(pid);
  });

  it('gets its connection back also if a statement fails', async () => {
    for (let i = 0; i < 3; i += 1) await failure(run('SELECT nonsense'));
    for (let i = 0; i < 3; i += 1) await failure(raise('XX000'));
    const { totalCount, idleCount, waitingCount } = given.pool;
    expect([totalCount - idleCount, waitingCount]).to.deep.equal([0, 0]);
  });

  it('does not end the process if its connection is lost while a statement runs, or while it is idle', async () => {
    const running = failure(run('SELECT pg_sleep(10)'));
    await runningAt('pg_sleep(10)');
    given.proxy.cut();
    expect(await running).to.include({ outcome: 'unknown' });
    await terminate(await backend());
    while (given.pool.totalCount > 0) await sleep(5);
    expect(await backend()).to.be.a('number');
  });
});
