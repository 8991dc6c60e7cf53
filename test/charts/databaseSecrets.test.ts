import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render } from './helm.ts';
import { getManifest, workload, type Container, type Manifest, type Workload } from './manifests.ts';

const release = 'author-service';
const server = (manifests: Manifest[]) => workload(manifests, 'Deployment', release);
const migration = (manifests: Manifest[]) => workload(manifests, 'Job', `${release}-migration`);

/** A container's own variables that have a value, without those of the ConfigMap. */
const valuesOf = ({ env = [] }: Container) =>
  Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
const namesOf = ({ env = [] }: Container) => env.map(({ name }) => name);
const mountsOf = ({ container }: Workload) =>
  (container as Container & { volumeMounts?: { name: string; mountPath: string }[] }).volumeMounts?.map(
    ({ name, mountPath }) => [name, mountPath],
  );

describeWith('helm', 'charts: secrets of a database', () => {
  const tls = {
    mode: 'verify-full',
    caSecret: 'database-ca',
    certificateSecret: 'service-certificate',
    migrationCertificateSecret: 'migration-certificate',
  };

  it('are mounted as files by values, each role with its own', () => {
    const manifests = render(release, { database: { passwordFromFile: true, tls }, serviceToken: { fromFile: true } });
    for (const [pod, passwordKey, certificate] of [
      [server(manifests), 'service-password', 'service-certificate'],
      [migration(manifests), 'owner-password', 'migration-certificate'],
    ] as const) {
      expect(pod.pod.volumes).to.deep.include.members([
        {
          name: 'database',
          secret: { secretName: 'author-database', items: [{ key: passwordKey, path: 'password' }] },
        },
        { name: 'database-ca', secret: { secretName: 'database-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { name: 'database-certificate', secret: { secretName: certificate } },
      ]);
      expect(mountsOf(pod)).to.deep.include.members([
        ['database', '/secrets/database'],
        ['database-ca', '/secrets/database-ca'],
        ['database-certificate', '/secrets/database-certificate'],
      ]);
      expect(namesOf(pod.container)).not.to.include.members(['DATABASE_PASSWORD']);
      const variables = { ...getManifest(manifests, 'ConfigMap', release).data, ...valuesOf(pod.container) };
      expect(variables).to.include({
        DATABASE_PASSWORD_FILE: '/secrets/database/password',
        DATABASE_TLS: 'verify-full',
        DATABASE_TLS_CA_FILE: '/secrets/database-ca/ca.crt',
        DATABASE_TLS_CERT_FILE: '/secrets/database-certificate/tls.crt',
        DATABASE_TLS_KEY_FILE: '/secrets/database-certificate/tls.key',
      });
    }
    expect(valuesOf(migration(manifests).container)).to.include({ DATABASE_TLS: 'verify-full' });
    expect(valuesOf(server(manifests).container)).to.include({
      SERVICE_TOKEN_FILE: '/secrets/service-token/token',
      SERVICE_TOKEN_PREVIOUS_FILE: '/secrets/service-token/previous',
    });
    expect(namesOf(server(manifests).container)).not.to.include.members(['SERVICE_TOKEN']);
  });

  it("takes the CA from a ConfigMap, or Node.js's for verify-full, and refuses verify-ca without one", () => {
    const fromMap = server(
      render(release, { database: { tls: { mode: 'verify-ca', caConfigMap: 'ca', caKey: 'root' } } }),
    );
    expect(fromMap.pod.volumes).to.deep.include({
      name: 'database-ca',
      configMap: { name: 'ca', items: [{ key: 'root', path: 'ca.crt' }] },
    });
    const known = render(release, { database: { tls: { mode: 'verify-full' } } });
    expect(getManifest(known, 'ConfigMap', release).data).to.include({ DATABASE_TLS_CA_FILE: 'system' });
    expect(() => render(release, { database: { tls: { mode: 'verify-ca' } } })).to.throw(/caSecret or/);
    expect(() => render(release, { database: { tls: { mode: 'prefer' } } })).to.throw(/mode/);
  });

  it('bears the values of a chart that had none of this', () => {
    const manifests = render(release, { database: { tls: null, passwordFromFile: null } });
    expect(server(manifests).pod).not.to.have.property('volumes');
    expect(getManifest(manifests, 'ConfigMap', release).data).not.to.have.any.keys(
      'DATABASE_TLS',
      'DATABASE_PASSWORD_FILE',
    );
  });

  it("mounts the gateway's token by a value, into the reconciler's Job too", () => {
    const manifests = render('gateway-service', { serviceToken: { fromFile: true } });
    const pods = [
      workload(manifests, 'Deployment', 'gateway-service'),
      workload(manifests, 'CronJob', 'gateway-service-reconcile'),
    ];
    for (const pod of pods) {
      expect(valuesOf(pod.container)).to.include({ SERVICE_TOKEN_FILE: '/secrets/service-token/token' });
      expect(mountsOf(pod)).to.deep.equal([['service-token', '/secrets/service-token']]);
      expect(pod.pod.volumes).to.deep.equal([{ name: 'service-token', secret: { secretName: 'service-token' } }]);
    }
  });

  it('lets migrations connect to the server itself if services connect to a pooler', () => {
    const pooled = { database: { pooler: true, host: 'pooler', port: 6432 } };
    const manifests = render(release, { ...pooled, migration: { database: { host: 'db', port: 5433 } } });
    const { data } = getManifest(manifests, 'ConfigMap', release);
    expect(data).to.include({ DATABASE_HOST: 'pooler', DATABASE_PORT: '6432', DATABASE_POOLER: 'true' });
    const variables = valuesOf(migration(manifests).container);
    expect(variables).to.include({ DATABASE_HOST: 'db', DATABASE_PORT: '5433', DATABASE_NAME: 'author' });
    expect(variables).not.to.have.property('DATABASE_POOLER');
    const policy = getManifest(manifests, 'NetworkPolicy', `${release}.migration`);
    expect(JSON.stringify(policy.spec)).to.include('5433').and.not.include('6432');
    expect(() => render(release, pooled)).to.throw(/migration.database.host/);
  });
});
