import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render } from './helm.ts';
import { valueAt, findManifest, getManifest, workload } from './manifests.ts';

describeWith('helm', 'charts: the gateway', () => {
  it('calls the owner services by their names in the cluster', () =>
    expect(getManifest(render('gateway-service'), 'ConfigMap', 'gateway-service').data).to.include({
      AUTHOR_SERVICE_URL: 'http://author-service:8070',
      CONFERENCE_SERVICE_URL: 'http://conference-service:8080',
    }));

  it('accepts other URLs of the owner services, which its policy then allows', () => {
    const author = 'http://authors.elsewhere:1234';
    const manifests = render('gateway-service', { ownerServices: { author, conference: 'http://other:5678' } });
    expect(getManifest(manifests, 'ConfigMap', 'gateway-service').data).to.include({ AUTHOR_SERVICE_URL: author });
    const labels = { 'app.kubernetes.io/name': 'other', 'app.kubernetes.io/component': 'server' };
    for (const name of ['gateway-service', 'gateway-service.reconcile'])
      expect(
        (valueAt(getManifest(manifests, 'NetworkPolicy', name).spec, 'egress') as object[]).slice(0, 2),
      ).to.deep.equal([
        { ports: [{ port: 1234 }] },
        { ports: [{ port: 5678 }], to: [{ podSelector: { matchLabels: labels } }] },
      ]);
  });

  it('has a token, no database and no migration', () => {
    const manifests = render('gateway-service');
    const names = workload(manifests, 'Deployment', 'gateway-service').container.env?.map(({ name }) => name);
    expect(names).to.deep.equal(['SERVICE_TOKEN']);
    expect(findManifest(manifests, 'Job')).to.be.undefined;
    expect(getManifest(manifests, 'ConfigMap', 'gateway-service').data).not.to.have.any.keys(
      'DATABASE_HOST',
      'DATABASE_USER',
    );
  });

  it('has a dashboard if enabled', () => {
    expect(findManifest(render('gateway-service'), 'ConfigMap', 'gateway-service.dashboard')).to.be.undefined;
    const manifests = render('gateway-service', { dashboard: { enabled: true, label: 'board' } });
    const { metadata, data } = getManifest(manifests, 'ConfigMap', 'gateway-service.dashboard');
    expect(metadata.labels).to.include({ board: '1' });
    const { panels } = JSON.parse(data?.['attendance.json'] ?? '') as { panels: { title: string }[] };
    expect(panels.map(({ title }) => title)).to.include('Adds by outcome');
  });
});
