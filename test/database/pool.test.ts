import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { failureOf, terminateBackend, usePool } from '../support/pool.ts';

describe('a pool of two connections', () => {
  const testPool = usePool({ poolMax: 2 });
  const { run, backendPid } = testPool;

  it('opens two connections at most', async () => {
    const pids = await Promise.all(
      Array.from(
        { length: 8 },
        async () => (await run<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.02)'))[0]!.pid,
      ),
    );
    expect(new Set(pids)).to.have.property('size', 2);
    expect(testPool.proxy.accepted).to.equal(2);
  });

  it('opens two connections again after a reset', async () => {
    await Promise.all([backendPid(), backendPid(), backendPid()]);
    testPool.proxy.cut();
    await sleep(20);
    await Promise.all([backendPid(), backendPid(), backendPid()]);
    expect(testPool.proxy.accepted).to.be.within(2, 4);
  });
});

describe('a pool of one connection', () => {
  const testPool = usePool({ poolMax: 1 });
  const { run, raise, backendPid, untilRunning } = testPool;

  it('closes the connection of a statement whose outcome is unknown', async () => {
    for (const code of ['57P01', 'XX000', '40003']) {
      const pid = await backendPid();
      await failureOf(raise(code));
      expect(await backendPid(), code).not.to.equal(pid);
    }
  });

  it('reuses the connection of a statement that was certainly rolled back', async () => {
    const pid = await backendPid();
    await failureOf(run('SELECT nonsense'));
    await failureOf(raise('40P01'));
    expect(await backendPid()).to.equal(pid);
  });

  it('releases its connection also if a statement fails', async () => {
    for (let i = 0; i < 3; i += 1) await failureOf(run('SELECT nonsense'));
    for (let i = 0; i < 3; i += 1) await failureOf(raise('XX000'));
    const { totalCount, idleCount, waitingCount } = testPool.pool;
    expect([totalCount - idleCount, waitingCount]).to.deep.equal([0, 0]);
  });

  it('survives the loss of a busy and of an idle connection', async () => {
    const running = failureOf(run('SELECT pg_sleep(10)'));
    await untilRunning('pg_sleep(10)');
    testPool.proxy.cut();
    expect(await running).to.include({ outcome: 'unknown' });
    await terminateBackend(await backendPid());
    while (testPool.pool.totalCount > 0) await sleep(5);
    expect(await backendPid()).to.be.a('number');
  });
});
