import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@attendance/common/database/client';
import { createSsl } from '@attendance/common/database/tls';
import { expect } from 'chai';
import { CertificateAuthority } from '../../test/support/certificates.ts';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { freePorts, StartedSystem } from './startedSystem.ts';

describeWith('openssl', 'start, with a server of its user that insists on TLS and a client certificate', () => {
  let folder: string;
  let authority: CertificateAuthority;
  let server: OwnServer;
  let tls: Record<string, string>;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'attendance-start-tls-')));
    authority = new CertificateAuthority();
    const { certificate, key } = authority.issue('localhost', { host: 'localhost' });
    const client = authority.issue('attendance');
    server = new OwnServer({
      hba: ['hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca'],
      settings: { ssl: 'on', ssl_cert_file: '../server.crt', ssl_key_file: '../server.key', ssl_ca_file: '../ca.crt' },
    });
    server.write('server.crt', authority.read(certificate));
    server.write('server.key', authority.read(key));
    server.write('ca.crt', authority.read(authority.ca));
    await server.start();
    tls = {
      DATABASE_TLS: 'verify-full',
      DATABASE_TLS_CA_FILE: authority.ca,
      DATABASE_TLS_CERT_FILE: client.certificate,
      DATABASE_TLS_KEY_FILE: client.key,
    };
  });
  after(async () => {
    await server.remove();
    authority.remove();
    rmSync(folder, { recursive: true });
  });

  async function start(host: string, more: Record<string, string> = {}): Promise<StartedSystem> {
    const ports = await freePorts();
    return new StartedSystem({
      ...tls,
      DATA_FOLDER: folder,
      AUTHOR_PORT: String(ports),
      CONFERENCE_PORT: String(ports + 1),
      GATEWAY_PORT: String(ports + 2),
      POSTGRES_PORT: String(ports + 3),
      POSTGRES_URL: `postgres://postgres:test@${host}:${server.port}/postgres`,
      ...more,
    });
  }

  it('runs, and every connection is encrypted', async () => {
    const system = await start('localhost');
    try {
      await system.ready();
      const { DATABASE_TLS_CA_FILE, DATABASE_TLS_CERT_FILE, DATABASE_TLS_KEY_FILE } = tls;
      const ssl = createSsl({
        mode: 'verify-full',
        ca: DATABASE_TLS_CA_FILE,
        certificate: DATABASE_TLS_CERT_FILE,
        key: DATABASE_TLS_KEY_FILE,
      });
      const text = `SELECT usename, bool_and(ssl) AS encrypted FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE usename LIKE '%_service' GROUP BY usename ORDER BY usename`;
      const { rows } = await withClient({ ...server.admin, host: 'localhost', ssl }, (client) => client.query(text));
      expect(rows).to.deep.equal([
        { usename: 'author_service', encrypted: true },
        { usename: 'conference_service', encrypted: true },
      ]);
    } finally {
      system.signal('SIGINT');
    }
    expect(await system.exited, system.output).to.equal(0);
  });

  it('fails if the certificate is not for the host, and says so', async () => {
    const system = await start('127.0.0.1');
    expect(await system.exited, system.output).to.equal(1);
    expect(system.output).to.match(/The start failed: .*127\.0\.0\.1/);
  });

  it('runs with the embedded server, which has no TLS, whatever is set for another one', async () => {
    const system = await start('localhost', {
      POSTGRES_URL: '',
      PGSSLMODE: 'require',
      DATABASE_POOLER: 'true',
      DATABASE_PASSWORD_FILE: '/nowhere',
      SERVICE_TOKEN_FILE: '/nowhere',
    });
    try {
      await system.ready();
    } finally {
      system.signal('SIGINT');
    }
    expect(await system.exited, system.output).to.equal(0);
  });
});
