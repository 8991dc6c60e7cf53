import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { mayConnect, peerOf, type Peer } from './networkPolicies.ts';
import { releases, render, type Release, type Values } from './helm.ts';
import { valueAt, getManifest, workloadsOf, type Manifest } from './manifests.ts';

const external = (namespace: string): Peer => ({ namespace, labels: { app: 'any' }, ports: {} });
const dns: Peer = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, ports: { dns: 53 } };

const ingress: Values = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } };

/** All connections that the policies allow: for each port, the callers. */
const allowed = {
  'Deployment author-service http': ['CronJob gateway-service-reconcile', 'Deployment gateway-service'],
  'Deployment author-service management': ['a scraper'],
  'Deployment conference-service http': ['CronJob gateway-service-reconcile', 'Deployment gateway-service'],
  'Deployment conference-service management': ['a scraper'],
  'Deployment gateway-service http': ['Pod gateway-service-test', 'a scraper', 'an ingress controller', 'another pod'],
  'Deployment gateway-service management': ['a scraper'],
  'StatefulSet postgres postgresql': [
    'Deployment author-service',
    'Deployment conference-service',
    'Job author-service-migration',
    'Job conference-service-migration',
    'Job postgres-setup',
    'Pod postgres-test',
  ],
};

describeWith('helm', 'charts: network policies', () => {
  const manifestsWith = (values: Partial<Record<Release, Values>> = {}) =>
    releases.flatMap((release) => render(release, values[release]));
  let manifests: Manifest[];
  before(() => void (manifests = manifestsWith()));

  const policiesOf = (all: Manifest[]) => all.filter(({ kind }) => kind === 'NetworkPolicy');

  const connections = (all: Manifest[]) => {
    const ours = workloadsOf(all).map((workload): [string, Peer] => [workload.title, peerOf(workload)]);
    const callers: [string, Peer][] = [
      ...ours,
      ['another pod', external('attendance')],
      ['a scraper', external('monitoring')],
      ['an ingress controller', external('ingress')],
    ];
    const found = ours.flatMap(([title, to]) =>
      Object.keys(to.ports).map((port): [string, string[]] => [
        `${title} ${port}`,
        callers
          .filter(([caller, from]) => caller !== title && mayConnect(policiesOf(all), from, to, port))
          .map(([caller]) => caller)
          .sort(),
      ]),
    );
    return Object.fromEntries(found);
  };

  it('allow exactly these connections', () => expect(connections(manifests)).to.deep.equal(allowed));

  it('isolate every pod in both directions, and allow DNS', () => {
    for (const workload of workloadsOf(manifests)) {
      const elsewhere: Peer = { namespace: 'elsewhere', labels: {}, ports: { https: 443, dns: 53 } };
      const pod = peerOf(workload);
      const may = (to: Peer, port: string) => mayConnect(policiesOf(manifests), pod, to, port);
      expect(may(elsewhere, 'https') || may(elsewhere, 'dns'), workload.title).to.be.false;
      expect(may(dns, 'dns'), workload.title).to.be.true;
      const unknown = { ...pod, ports: { debug: 9229 } };
      expect(mayConnect(policiesOf(manifests), external('attendance'), unknown, 'debug'), workload.title).to.be.false;
    }
  });

  it('open the gateway to networkPolicy.clients and to its own test', () => {
    const all = manifestsWith({ 'gateway-service': { networkPolicy: { clients: [ingress] } } });
    expect(connections(all)).to.deep.equal({
      ...allowed,
      'Deployment gateway-service http': ['Pod gateway-service-test', 'an ingress controller'],
    });
  });

  it('open management ports to metrics.namespace', () => {
    const values = { metrics: { namespace: 'ingress' } };
    const all = manifestsWith({ 'author-service': values });
    expect(connections(all)).to.deep.equal({
      ...allowed,
      'Deployment author-service management': ['an ingress controller'],
    });
  });

  it('open management ports to networkPolicy.probes', () => {
    const range = { ipBlock: { cidr: '35.191.0.0/16' } };
    const values = { networkPolicy: { probes: [ingress, range] } };
    const all = manifestsWith({ 'gateway-service': values });
    expect(connections(all)).to.deep.equal({
      ...allowed,
      'Deployment gateway-service management': ['a scraper', 'an ingress controller'],
    });
    const [, management] = valueAt(getManifest(all, 'NetworkPolicy', 'gateway-service').spec, 'ingress') as {
      from: object[];
    }[];
    expect(management?.from).to.deep.include(range);
  });

  it('let an owner service connect to any address on the port of an external database', () => {
    const all = render('author-service', { database: { host: 'db.example', port: 6432 } });
    for (const name of ['author-service', 'author-service.migration']) {
      const [first] = valueAt(getManifest(all, 'NetworkPolicy', name).spec, 'egress') as object[];
      expect(first).to.deep.equal({ ports: [{ port: 6432 }] });
    }
  });

  it('let an owner service connect to the addresses in networkPolicy.database only', () => {
    const to = [{ ipBlock: { cidr: '10.1.2.3/32' } }];
    const all = render('author-service', { database: { host: 'db.example' }, networkPolicy: { database: to } });
    for (const name of ['author-service', 'author-service.migration']) {
      const [first] = valueAt(getManifest(all, 'NetworkPolicy', name).spec, 'egress') as object[];
      expect(first).to.deep.equal({ ports: [{ port: 5432 }], to });
    }
  });

  it('of migrations are created before the Jobs and deleted with them', () => {
    const { metadata } = getManifest(manifests, 'NetworkPolicy', 'author-service.migration');
    expect(metadata.annotations).to.include({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-weight': '-5',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
  });

  it('are absent if networkPolicy.enabled is false', () => {
    for (const release of releases)
      expect(policiesOf(render(release, { networkPolicy: { enabled: false } }))).to.deep.equal([]);
  });
});
