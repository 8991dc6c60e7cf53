import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDatabases } from '@attendance/local/databases';
import type { Postgres } from '@attendance/local/postgres';
import { startTemporaryPostgres } from '@attendance/local/postgres/temporary';
import { readSecrets } from '@attendance/local/secrets';
import { expect } from 'chai';
import { TcpProxy } from '../support/tcpProxy.ts';

describe('the preparation of the databases', function () {
  let postgres: Postgres;
  let proxy: TcpProxy;
  let folder: string;

  before(async () => {
    postgres = await startTemporaryPostgres();
    folder = mkdtempSync(join(tmpdir(), 'attendance-databases-'));
  });
  beforeEach(async () => (proxy = await new TcpProxy(postgres).start()));
  afterEach(() => proxy.stop());
  after(async () => {
    rmSync(folder, { recursive: true });
    await postgres.stop();
  });

  const prepare = async () => {
    const { host, user, password } = postgres;
    await prepareDatabases({ host, port: proxy.port, database: 'postgres', user, password }, readSecrets(folder));
  };

  /** @returns whether the preparation succeeded before the connections were cut */
  async function preparedBefore(answers: number): Promise<boolean> {
    let left = answers;
    proxy.on(({ direction, bytes, pass }) => {
      if (direction === 'answer') left -= 1;
      if (left < 0) proxy.cut();
      else pass(bytes);
    });
    return prepare().then(
      () => true,
      () => false,
    );
  }

  it('fails if its connections are cut after any of their answers, and is completed by the next run', async () => {
    // a connection error between two statements must not end the process as an unhandled error
    for (const answers of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50])
      expect(await preparedBefore(answers), `after ${answers} answers`).to.equal(false);
    proxy.heal();
    await prepare();
  });
});
