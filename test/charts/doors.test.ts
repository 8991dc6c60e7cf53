import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { mayConnect, peerOf, type Peer } from './doors.ts';
import { charts, render, type Chart, type Values } from './helm.ts';
import { at, get, workloadsOf, type Manifest } from './manifests.ts';

const external = (namespace: string): Peer => ({ namespace, labels: { app: 'any' }, ports: {} });
const dns: Peer = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, ports: { dns: 53 } };

const ingress: Values = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } };

/** Every connection that is allowed to a port of ours: who, to which door. */
const open = {
  'Deployment author-service http': ['CronJob gateway-service-reconcile', 'Deployment gateway-service'],
  'Deployment author-service management': ['a scraper'],
  'Deployment conference-service http': ['CronJob gateway-service-reconcile', 'Deployment gateway-service'],
  'Deployment conference-service management': ['a scraper'],
  'Deployment gateway-service http': [
    'Pod gateway-service-test',
    'a foreign pod',
    'a scraper',
    'an ingress controller',
  ],
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

describeWith('helm', 'network policies', () => {
  const manifestsWith = (values: Partial<Record<Chart, Values>> = {}) =>
    charts.flatMap((chart) => render(chart, values[chart]));
  let manifests: Manifest[];
  before(() => void (manifests = manifestsWith()));

  const policiesOf = (all: Manifest[]) => all.filter(({ kind }) => kind === 'NetworkPolicy');

  const doors = (all: Manifest[]) => {
    const ours = workloadsOf(all).map((workload): [string, Peer] => [workload.title, peerOf(workload)]);
    const callers: [string, Peer][] = [
      ...ours,
      ['a foreign pod', external('attendance')],
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

  it('open these doors and no other', () => expect(doors(manifests)).to.deep.equal(open));

  it('isolate every pod in both directions, and let each ask DNS', () => {
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

  it('open the gateway to whom networkPolicy.clients names, and to its own test', () => {
    const all = manifestsWith({ 'gateway-service': { networkPolicy: { clients: [ingress] } } });
    expect(doors(all)).to.deep.equal({
      ...open,
      'Deployment gateway-service http': ['Pod gateway-service-test', 'an ingress controller'],
    });
  });

  it('open management ports to metrics.namespace', () => {
    const values = { metrics: { namespace: 'ingress' } };
    const all = manifestsWith({ 'author-service': values });
    expect(doors(all)).to.deep.equal({ ...open, 'Deployment author-service management': ['an ingress controller'] });
  });

  it('let an owner out to any address at the port of a database that is not the chart postgres', () => {
    const all = render('author-service', { database: { host: 'db.example', port: 6432 } });
    for (const name of ['author-service', 'author-service-migration']) {
      const [first] = at(get(all, 'NetworkPolicy', name).spec, 'egress') as object[];
      expect(first).to.deep.equal({ ports: [{ port: 6432 }] });
    }
  });

  it('let an owner out to the addresses in networkPolicy.database alone', () => {
    const to = [{ ipBlock: { cidr: '10.1.2.3/32' } }];
    const all = render('author-service', { database: { host: 'db.example' }, networkPolicy: { database: to } });
    for (const name of ['author-service', 'author-service-migration']) {
      const [first] = at(get(all, 'NetworkPolicy', name).spec, 'egress') as object[];
      expect(first).to.deep.equal({ ports: [{ port: 5432 }], to });
    }
  });

  it('are there before the migrations that they isolate, and gone with them', () => {
    const { metadata } = get(manifests, 'NetworkPolicy', 'author-service-migration');
    expect(metadata.annotations).to.include({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-weight': '-5',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
  });

  it('are not made where networkPolicy.enabled is false', () => {
    for (const chart of charts)
      expect(policiesOf(render(chart, { networkPolicy: { enabled: false } }))).to.deep.equal([]);
  });
});
