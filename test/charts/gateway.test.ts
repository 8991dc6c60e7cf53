import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render } from './helm.ts';
import { find, get, workload } from './manifests.ts';

describeWith('helm', 'charts: the gateway', () => {
  it('calls both owners by their names in the cluster', () =>
    expect(get(render('gateway-service'), 'ConfigMap', 'gateway-service').data).to.include({
      AUTHOR_SERVICE_URL: 'http://author-service:8070',
      CONFERENCE_SERVICE_URL: 'http://conference-service:8080',
    }));

  it('can be told where else they are', () => {
    const env = { AUTHOR_SERVICE_URL: 'http://elsewhere:1' };
    expect(get(render('gateway-service', { env }), 'ConfigMap', 'gateway-service').data).to.include(env);
  });

  it('has a token, no database and no migration', () => {
    const manifests = render('gateway-service');
    const names = workload(manifests, 'Deployment', 'gateway-service').container.env?.map(({ name }) => name);
    expect(names).to.deep.equal(['SERVICE_TOKEN']);
    expect(find(manifests, 'Job')).to.be.undefined;
    expect(get(manifests, 'ConfigMap', 'gateway-service').data).not.to.have.any.keys('DATABASE_HOST', 'DATABASE_USER');
  });

  it('brings a dashboard where it is wanted', () => {
    expect(find(render('gateway-service'), 'ConfigMap', 'gateway-service-dashboard')).to.be.undefined;
    const manifests = render('gateway-service', { dashboard: { enabled: true, label: 'board' } });
    const { metadata, data } = get(manifests, 'ConfigMap', 'gateway-service-dashboard');
    expect(metadata.labels).to.include({ board: '1' });
    const { panels } = JSON.parse(data?.['attendance.json'] ?? '') as { panels: { title: string }[] };
    expect(panels.map(({ title }) => title)).to.include('Adds by outcome');
  });
});
