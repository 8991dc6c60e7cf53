import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { releases, render, type Release, type Values } from './helm.ts';
import { valueAt, getManifest, selects, workload, workloadsOf, type Manifest, type Selector } from './manifests.ts';
import { renderUmbrella } from './umbrella.ts';
import { everything } from './variants.ts';

const ports = { 'author-service': 8070, 'conference-service': 8080, 'gateway-service': 8090 };
const migration = { hook: 'post-install,pre-upgrade' };
const furtherValues: Record<Release, Values> = {
  postgres: {},
  'author-service': { ...everything, migration },
  'conference-service': { ...everything, migration },
  'gateway-service': everything,
};

describeWith('helm', 'charts: as dependencies of an umbrella chart', () => {
  let manifests: Manifest[];

  before(() => (manifests = renderUmbrella(furtherValues)));

  it('each service has its own name, image and port, and the gateway calls the owner services', () => {
    for (const [name, port] of Object.entries(ports)) {
      const { container } = workload(manifests, 'Deployment', name);
      expect(container.image).to.equal(`${name}:0.1.0`);
      expect(container.ports?.map(({ containerPort }) => containerPort)).to.deep.equal([port, port + 1000]);
      expect(valueAt(getManifest(manifests, 'Service', name).spec, 'ports.0.port')).to.equal(port);
      expect(getManifest(manifests, 'ConfigMap', name).data).to.include({ PORT: `${port}` });
    }
    expect(getManifest(manifests, 'ConfigMap', 'gateway-service').data).to.include({
      AUTHOR_SERVICE_URL: 'http://author-service:8070',
      CONFERENCE_SERVICE_URL: 'http://conference-service:8080',
    });
  });

  it('each owner service has its own database, migration and test', () => {
    for (const name of ['author', 'conference']) {
      expect(getManifest(manifests, 'ConfigMap', `${name}-service`).data).to.include({ DATABASE_NAME: name });
      const { container } = workload(manifests, 'Job', `${name}-service-migration`);
      expect(container.command).to.deep.equal(['node', `services/${name}/dist/migrate.js`]);
      const test = workload(manifests, 'Pod', `${name}-service-test`).container;
      expect(test.env?.find((variable) => variable.name === 'LIST')?.value).to.equal(`/${name}?limit=1`);
    }
  });

  it('migrations run after the setup of the databases', () => {
    const { metadata } = getManifest(manifests, 'Job', 'author-service-migration');
    expect(metadata.annotations).to.include({ 'helm.sh/hook': 'post-install,pre-upgrade' });
    // Helm runs hooks in the order of their weights, which are 0 by default
    expect(metadata.annotations).not.to.have.property('helm.sh/hook-weight');
    const setup = getManifest(manifests, 'Job', 'postgres-setup').metadata.annotations!;
    expect(Number(setup['helm.sh/hook-weight'])).to.be.below(0);
  });

  it('the objects equal those of four releases, except for the labels of release and chart', () => {
    const differingLabels = ['app.kubernetes.io/instance', 'helm.sh/chart'];
    const withoutLabels = (all: Manifest[]) =>
      JSON.parse(
        JSON.stringify(all, (key, value: unknown) => (differingLabels.includes(key) ? undefined : value)),
      ) as object[];
    const separate = releases.flatMap((release) => render(release, furtherValues[release]));
    expect(withoutLabels(manifests)).to.have.deep.members(withoutLabels(separate));
  });

  it('each Deployment, Service and disruption budget selects the pods of one service', () => {
    for (const name of Object.keys(ports))
      for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget']) {
        const selector = valueAt(getManifest(manifests, kind, name).spec, 'selector') as Selector;
        const labels = (kind === 'Service' ? { matchLabels: selector } : selector) as Selector;
        const selected = workloadsOf(manifests).filter((pod) => selects(labels, pod.labels));
        expect(
          selected.map(({ title }) => title),
          `${kind} ${name}`,
        ).to.deep.equal([`Deployment ${name}`]);
      }
  });
});
