import { createTimes } from '@attendance/common/times';
import { DatabaseWatch } from '@attendance/common/database/watch';
import { createLogger } from '@attendance/common/runtime/logger';
import { expect } from 'chai';
import { eventually } from '../support/claims.ts';
import { createTestDatabases, type TestDatabases } from '../support/postgres.ts';
import { TcpProxy } from '../support/tcpProxy.ts';

const times = createTimes();
const ignore = () => undefined;

describe('the readiness check of a database', () => {
  let databases: TestDatabases;
  let proxy: TcpProxy;
  let watch: DatabaseWatch;
  before(async () => {
    databases = await createTestDatabases();
    proxy = await new TcpProxy(databases.author.serviceRole).start();
  });
  after(async () => {
    proxy.stop();
    await databases.drop();
  });
  const start = (port = proxy.port) => {
    const log = createLogger({ service: 'test', level: 'silent' });
    const options = { times, log, onReadOnly: ignore, onUsable: ignore };
    watch = new DatabaseWatch({ ...databases.author.serviceRole, host: '127.0.0.1', port }, options);
    return watch;
  };
  afterEach(() => watch.stop());
  const fails = (promise: Promise<void>) =>
    promise.then(
      () => false,
      () => true,
    );

  it('passes if the database answers; concurrent checks share a connection', async () => {
    const before = proxy.accepted;
    const ready = start();
    await Promise.all([ready.check(), ready.check(), ready.check()]);
    expect(proxy.accepted - before).to.equal(1);
  });

  it('fails in time if the database hangs, and passes again afterwards', async () => {
    const ready = start();
    await eventually(() => ready.check());
    proxy.freeze();
    const started = performance.now();
    expect(await fails(ready.check())).to.equal(true);
    expect(performance.now() - started).to.be.below(times.requestMs);
    proxy.thaw();
    await eventually(() => ready.check());
  });

  it('fails if there is no server', async () => {
    expect(await fails(start(1).check())).to.equal(true);
  });
});
