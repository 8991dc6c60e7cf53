import { copyFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import { migrate } from '@attendance/common/database/migrate';
import { createSsl } from '@attendance/common/database/tls';
import { databaseSettings } from '@attendance/common/database/variables';
import { migrateConfig, readConfig } from '@attendance/common/runtime/config';
import { expect } from 'chai';
import { authorMigrations } from '@attendance/migrations/author/index';
import { CertificateAuthority } from '../../test/support/certificates.ts';
import { eventually } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { ServiceProcess } from '../../test/support/process.ts';
import { databaseVariables, serviceToken } from '../../test/support/system.ts';

const main = fileURLToPath(new URL('../../services/author/dist/main.js', import.meta.url));

describeWith('openssl', 'a server that insists on TLS', () => {
  let own: CertificateAuthority;
  let other: CertificateAuthority;
  let server: OwnServer;
  let database: TestDatabase;

  before(async () => {
    own = new CertificateAuthority();
    other = new CertificateAuthority();
    const { certificate, key } = own.issue('localhost', { host: 'localhost' });
    server = new OwnServer({
      hba: [
        'hostssl all /_service$ 127.0.0.1/32 scram-sha-256 clientcert=verify-full',
        'hostssl all all 127.0.0.1/32 scram-sha-256',
      ],
      settings: { ssl: 'on', ssl_cert_file: '../server.crt', ssl_key_file: '../server.key', ssl_ca_file: '../ca.crt' },
    });
    server.write('server.crt', own.read(certificate));
    server.write('server.key', own.read(key));
    server.write('ca.crt', own.read(own.ca));
    await server.start();
    const ssl = createSsl({ mode: 'verify-ca', ca: own.ca });
    // the service's connections need a certificate of its role, and what sets a database up needs none
    database = await createTestDatabase('author', authorMigrations, { ...server.admin, ssl });
  });
  after(async () => {
    await server.remove();
    own.remove();
    other.remove();
  });

  /** Connects as the migration role. @returns the reason why not, or that the connection is encrypted */
  async function connecting(variables: Record<string, string>): Promise<string> {
    const settings = databaseSettings(
      readConfig(migrateConfig, { ...databaseVariables(database.migrationRole), ...variables }),
    );
    return withClient(settings, async (client) => {
      const { rows } = await client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return rows[0]!.ssl ? 'encrypted' : 'plain';
    }).catch((error: unknown) => (error as Error).message);
  }

  it('is not connected to without TLS', async () => {
    expect(await connecting({})).to.match(/no encryption/);
    expect(await connecting({ DATABASE_TLS: 'disable' })).to.match(/no encryption/);
  });

  it('require: takes any certificate; with a CA, one of that CA only', async () => {
    expect(await connecting({ DATABASE_TLS: 'require' })).to.equal('encrypted');
    expect(await connecting({ DATABASE_TLS: 'require', DATABASE_TLS_CA_FILE: own.ca })).to.equal('encrypted');
    expect(await connecting({ DATABASE_TLS: 'require', DATABASE_TLS_CA_FILE: other.ca })).to.match(/certificate/);
  });

  it('verify-ca: takes a certificate of the CA, whatever the host', async () => {
    expect(await connecting({ DATABASE_TLS: 'verify-ca', DATABASE_TLS_CA_FILE: own.ca })).to.equal('encrypted');
    expect(await connecting({ DATABASE_TLS: 'verify-ca', DATABASE_TLS_CA_FILE: other.ca })).to.match(/certificate/);
  });

  it('verify-full: takes a certificate of the CA for the host', async () => {
    const full = { DATABASE_TLS: 'verify-full', DATABASE_TLS_CA_FILE: own.ca };
    expect(await connecting({ ...full, DATABASE_HOST: 'localhost' })).to.equal('encrypted');
    expect(await connecting(full)).to.match(/127\.0\.0\.1/);
    const stranger = { ...full, DATABASE_HOST: 'localhost', DATABASE_TLS_CA_FILE: other.ca };
    expect(await connecting(stranger)).to.match(/certificate/);
    expect(await connecting({ ...stranger, DATABASE_TLS_CA_FILE: 'system' })).to.match(/certificate/);
  });

  it("is configured by libpq's own variables too", async () => {
    const full = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: own.ca, DATABASE_HOST: 'localhost' };
    expect(await connecting(full)).to.equal('encrypted');
    expect(await connecting({ ...full, DATABASE_HOST: '127.0.0.1' })).to.match(/127\.0\.0\.1/);
  });

  it('is migrated', async () => {
    const variables = { DATABASE_TLS: 'verify-ca', DATABASE_TLS_CA_FILE: own.ca };
    const settings = databaseSettings(
      readConfig(migrateConfig, { ...databaseVariables(database.migrationRole), ...variables }),
    );
    expect(await migrate(settings, authorMigrations, { direction: 'up' })).to.deep.equal([]);
  });

  it('and on a client certificate, is served from, also when certificates are renewed', async () => {
    const { certificate, key } = own.issue(database.serviceRole.user);
    const author = new ServiceProcess(main, {
      ...databaseVariables({ ...database.serviceRole, host: 'localhost' }),
      SERVICE_TOKEN: serviceToken,
      DATABASE_TLS: 'verify-full',
      DATABASE_TLS_CA_FILE: own.ca,
      DATABASE_TLS_CERT_FILE: certificate,
      DATABASE_TLS_KEY_FILE: key,
    });
    await author.start();
    const client = createClient({ gateway: author.url });
    const works = async () => {
      expect((await client.createAuthor('Ada')).status).to.equal(201);
      expect((await fetch(`${author.managementUrl}/readyz`)).status).to.equal(200);
    };
    try {
      await eventually(works);
      const right = [own.read(certificate), own.read(key)] as const;
      const wrong = own.issue('somebody');
      copyFileSync(wrong.certificate, certificate);
      copyFileSync(wrong.key, key);
      await eventually(async () => void expect((await fetch(`${author.managementUrl}/readyz`)).status).to.equal(503));
      writeFileSync(certificate, right[0]);
      writeFileSync(key, right[1]);
      await eventually(works);
    } finally {
      client.close();
      await author.stop();
    }
  });
});

describe('the configuration of TLS', () => {
  const reading = (variables: Record<string, string>) => () =>
    readConfig(migrateConfig, { DATABASE_NAME: 'author', DATABASE_USER: 'author_owner', ...variables });

  it('is refused where it could not be kept, by the name of the variable', () => {
    for (const mode of ['prefer', 'allow', 'no-verify', 'on'])
      expect(reading({ DATABASE_TLS: mode })).to.throw(/ {2}DATABASE_TLS: /);
    expect(reading({ PGSSLMODE: 'prefer' })).to.throw(/ {2}PGSSLMODE: prefer would also connect without TLS/);
    expect(reading({ DATABASE_TLS: 'verify-full' })).to.throw(/ {2}DATABASE_TLS_CA_FILE: must be set/);
    const system = { DATABASE_TLS: 'verify-ca', DATABASE_TLS_CA_FILE: 'system' };
    expect(reading(system)).to.throw(/ {2}DATABASE_TLS_CA_FILE: may be system for verify-full only/);
    const missing = { DATABASE_TLS: 'verify-full', DATABASE_TLS_CA_FILE: '/nowhere/ca.crt' };
    expect(reading(missing)).to.throw(/ {2}DATABASE_TLS_CA_FILE: cannot be read: ENOENT/);
    const self = fileURLToPath(import.meta.url);
    expect(reading({ ...missing, DATABASE_TLS_CA_FILE: self })).to.throw(/ {2}DATABASE_TLS_CA_FILE: holds no CERT/);
    const half = { DATABASE_TLS: 'require', DATABASE_TLS_CERT_FILE: self };
    expect(reading(half)).to.throw(/ {2}DATABASE_TLS_KEY_FILE: must be set too/);
  });

  it('defaults to none', () => {
    expect(databaseSettings(reading({})()).ssl).to.equal(false);
  });
});
