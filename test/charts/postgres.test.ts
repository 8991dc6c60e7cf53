import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render } from './helm.ts';
import { valueAt, findManifest, getManifest, workload, type Manifest } from './manifests.ts';

describeWith('helm', 'charts: postgres', () => {
  let defaults: Manifest[];
  before(() => void (defaults = render('postgres')));
  const server = (manifests = defaults) => workload(manifests, 'StatefulSet', 'postgres');

  it('stores its data in a folder below the mount point of a volume', () => {
    const { container } = server();
    const [, folder] = /^(.+)\/[^/]+$/.exec(container.env?.find(({ name }) => name === 'PGDATA')?.value ?? '') ?? [];
    expect(valueAt(container, 'volumeMounts.0')).to.deep.equal({ name: 'data', mountPath: folder });
    expect(valueAt(getManifest(defaults, 'StatefulSet').spec, 'volumeClaimTemplates.0')).to.deep.include({
      metadata: { name: 'data' },
    });
  });

  it('has a volume of the given size and class', () => {
    const claim = (manifests: Manifest[]) =>
      valueAt(getManifest(manifests, 'StatefulSet').spec, 'volumeClaimTemplates.0.spec') as object;
    expect(claim(defaults)).not.to.have.property('storageClassName');
    const persistence = { size: '9Gi', storageClass: 'fast' };
    expect(claim(render('postgres', { persistence }))).to.deep.include({
      storageClassName: 'fast',
      resources: { requests: { storage: '9Gi' } },
    });
  });

  it('is probed over TCP', () => {
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(valueAt(server().container, `${probe}.exec.command`)).to.include.members([
        'pg_isready',
        '--host=127.0.0.1',
      ]);
  });

  it('accepts server parameters', () => {
    const { container } = server(render('postgres', { settings: { max_connections: 50, log_statement: 'ddl' } }));
    expect(container.args).to.include.members(['max_connections=50', 'log_statement=ddl', 'shared_buffers=128MB']);
    expect(server().container.args).to.include.members(['listen_addresses=*', 'max_connections=200']);
  });

  it('is not restarted by another version of the chart', () => {
    const { labels, annotations } = server();
    expect(Object.keys(labels)).to.have.members(
      ['name', 'instance', 'component', 'part-of'].map((name) => `app.kubernetes.io/${name}`),
    );
    expect(annotations).to.deep.equal({});
    expect(server(render('postgres', { podAnnotations: { team: 'x' } })).annotations).to.deep.equal({ team: 'x' });
  });

  it('has a Service, and a DNS name for its pod', () => {
    expect(valueAt(getManifest(defaults, 'Service', 'postgres').spec, 'ports.0.port')).to.equal(5432);
    expect(getManifest(defaults, 'Service', 'postgres-headless').spec).to.include({ clusterIP: 'None' });
    expect(getManifest(defaults, 'StatefulSet').spec).to.include({ serviceName: 'postgres-headless' });
  });

  it('sets up each logical database after install and upgrade, with passwords from secrets', () => {
    const { manifest, pod } = workload(defaults, 'Job', 'postgres-setup');
    expect(manifest.metadata.annotations).to.include({ 'helm.sh/hook': 'post-install,post-upgrade' });
    expect(pod.containers.map(({ name }) => name)).to.deep.equal(['author', 'conference']);
    for (const { name, env, command } of pod.containers) {
      expect(command).to.deep.equal(['sh', '/setup/setup.sh']);
      expect(env?.find(({ name }) => name === 'DATABASE')?.value).to.equal(name);
      expect(env?.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])).to.deep.equal([
        { name: 'postgres-admin', key: 'password' },
        { name: `${name}-database`, key: 'owner-password' },
        { name: `${name}-database`, key: 'service-password' },
      ]);
    }
    const scripts = getManifest(defaults, 'ConfigMap', 'postgres.scripts').data;
    expect(scripts).to.have.all.keys('setup.sh', 'logical-database.sql', 'test.sh');
  });

  it('has a test that no service role can connect to another database', () => {
    const items = ['a', 'b', 'c_d'].map((name) => ({ name, existingSecret: `${name[0]!}-secret` }));
    const manifests = render('postgres', { databases: { items } });
    const { pod } = workload(manifests, 'Pod', 'postgres-test');
    const others = pod.containers.map(({ name, env }) => [name, env?.find(({ name }) => name === 'OTHERS')?.value]);
    expect(others).to.deep.equal([
      ['a', 'b c_d'],
      ['b', 'a c_d'],
      ['c-d', 'a b'],
    ]);
  });

  it('accepts values for the placement of its pod', () => {
    const placement = {
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      priorityClassName: 'high',
    };
    expect(server(render('postgres', placement)).pod).to.deep.include(placement);
    expect(server().pod).not.to.have.any.keys(Object.keys(placement));
  });

  it('has policies unless they are disabled', () => {
    expect(findManifest(defaults, 'NetworkPolicy', 'postgres')).to.exist;
    expect(findManifest(render('postgres', { networkPolicy: { enabled: false } }), 'NetworkPolicy')).to.be.undefined;
  });
});
