import { createReadinessCheck } from '@attendance/common/database/ready';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { createTestDatabases, type TestDatabases } from '../support/postgres.ts';
import { TcpProxy } from '../support/tcpProxy.ts';

const times = createTimes();

describe('the readiness check of a database', () => {
  let databases: TestDatabases;
  let proxy: TcpProxy;
  before(async () => {
    databases = await createTestDatabases();
    proxy = await new TcpProxy(databases.author.serviceRole).start();
  });
  after(async () => {
    proxy.stop();
    await databases.drop();
  });
  const check = () =>
    createReadinessCheck({ ...databases.author.serviceRole, host: '127.0.0.1', port: proxy.port }, times);
  const fails = (promise: Promise<void>) =>
    promise.then(
      () => false,
      () => true,
    );

  it('passes if the database answers; concurrent checks share a connection', async () => {
    const before = proxy.accepted;
    const ready = check();
    await Promise.all([ready(), ready(), ready()]);
    expect(proxy.accepted - before).to.equal(1);
    await ready();
    expect(proxy.accepted - before).to.equal(2);
  });

  it('fails in time while the database hangs, and passes afterwards', async () => {
    const ready = check();
    proxy.freeze();
    const started = performance.now();
    expect(await fails(ready())).to.equal(true);
    expect(performance.now() - started).to.be.below(times.requestMs);
    proxy.thaw();
    await ready();
  });

  it('fails if there is no server', async () => {
    const ready = createReadinessCheck({ ...databases.author.serviceRole, port: 1 }, times);
    expect(await fails(ready())).to.equal(true);
  });
});
