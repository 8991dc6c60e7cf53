import { createTimes } from '@attendance/common/times';
import { DatabaseWatch } from '@attendance/common/database/watch';
import { createLogger } from '@attendance/common/runtime/logger';
import { expect } from 'chai';
import { eventually } from '../support/claims.ts';
import { MovingAddress } from '../support/movingAddress.ts';
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
  const start = (port = proxy.port, shared = times) => {
    const log = createLogger({ service: 'test', level: 'silent' });
    const options = { times: shared, log, onStale: ignore, onUsable: ignore };
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
    // not at once if connecting took long before
    await eventually(async () => {
      const started = performance.now();
      expect(await fails(ready.check())).to.equal(true);
      expect(performance.now() - started).to.be.below(times.requestMs);
    });
    proxy.thaw();
    await eventually(() => ready.check());
  });

  it('passes as soon as the address leads to a server, also while an earlier look hangs', async () => {
    const address = await new MovingAddress().start();
    try {
      address.lead('silent', 'kept');
      const ready = start(address.port, { ...times, connectMs: 3_600_000, watchEveryMs: 100 });
      expect(await fails(ready.check())).to.equal(true);
      address.lead(databases.author.serviceRole, 'kept');
      await eventually(() => ready.check());
    } finally {
      address.stop();
    }
  });

  it('fails if there is no server', async () => {
    expect(await fails(start(1).check())).to.equal(true);
  });
});
