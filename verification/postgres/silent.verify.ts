import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import { authorMigrations } from '@attendance/migrations/author/index';
import { expect } from 'chai';
import { eventually } from '../../test/support/claims.ts';
import { createClient, type Client } from '../../test/support/client.ts';
import { MovingAddress } from '../../test/support/movingAddress.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { createTestDatabase } from '../../test/support/postgres.ts';
import { ServiceProcess } from '../../test/support/process.ts';
import { databaseVariables, serviceToken } from '../../test/support/system.ts';

const main = fileURLToPath(new URL('../../services/author/dist/main.js', import.meta.url));
/** How soon a service serves once the database can be connected to, in milliseconds. */
const recoveryMs = 5_000;

/** As when a machine is gone, or a firewall has forgotten the connections: nobody closes them. */
describe('connections to a database that went silent', () => {
  let server: OwnServer;
  let address: MovingAddress;
  let author: ServiceProcess;
  let client: Client;

  before(async () => {
    server = new OwnServer();
    await server.start();
  });
  after(() => server.remove());
  beforeEach(async () => {
    address = await new MovingAddress().start();
    address.lead(server, 'kept');
    const { serviceRole } = await createTestDatabase('author', authorMigrations, server.admin);
    author = new ServiceProcess(main, {
      ...databaseVariables({ ...serviceRole, port: address.port }),
      SERVICE_TOKEN: serviceToken,
    });
    await author.start();
    client = createClient({ gateway: author.url });
    // requests at the same time need many connections
    await eventually(async () => {
      await Promise.all(Array.from({ length: 40 }, () => client.createAuthor('Ada')));
      expect(await connections()).to.be.above(5);
    });
  });
  afterEach(async () => {
    client.close();
    await author.stop();
    address.stop();
  });

  const connections = () =>
    withClient(server.admin, async (admin) => {
      const { rows } = await admin.query<{ count: string }>(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'author-service'",
      );
      return Number(rows[0]!.count);
    });

  it('are all replaced once one request got no answer', async () => {
    address.lead(server, 'silenced');
    const started = performance.now();
    await eventually(async () => void expect((await client.createAuthor('Ada')).status).to.equal(201));
    expect(performance.now() - started).to.be.below(recoveryMs);
  });

  it('are replaced before a request uses one, if there is another server now', async () => {
    address.lead('silent', 'silenced');
    await server.stop();
    await server.start();
    address.lead(server, 'kept');
    await eventually(async () => void expect(await connections()).to.be.above(0));
    expect((await client.createAuthor('Ada')).status).to.equal(201);
  });

  it('do not keep the service from ending in order', async () => {
    address.lead(server, 'silenced');
    expect(await author.stop('SIGTERM')).to.equal(0);
  });
});
