import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { releases, render } from './helm.ts';
import { valueAt, selects, workloadsOf, type Manifest, type Selector } from './manifests.ts';
import { variants } from './variants.ts';

describeWith('helm', 'charts: selectors of pods', () => {
  const everything = releases.flatMap((release) => ({ release, values: variants[release].everything! }));
  let manifests: Manifest[];
  before(() => void (manifests = everything.flatMap(({ release, values }) => render(release, values))));

  const selectors = () =>
    manifests.flatMap(({ kind, metadata: { name }, spec }) => {
      const title = `${kind} ${name}`;
      if (kind === 'Service') return [{ title, selector: { matchLabels: valueAt(spec, 'selector') } as Selector }];
      const path = kind === 'NetworkPolicy' ? 'podSelector' : 'selector';
      const selector = valueAt(spec, path) as Selector | undefined;
      // a ServiceMonitor selects Services, which have the labels of their pods
      return selector ? [{ title, selector }] : [];
    });

  const matched = (selector: Selector) =>
    workloadsOf(manifests)
      .filter(({ labels }) => selects(selector, labels))
      .map(({ title }) => title);

  it('match name, instance and component', () => {
    for (const { title, selector } of selectors()) {
      const keys = [
        ...Object.keys(selector.matchLabels ?? {}),
        ...(selector.matchExpressions ?? []).map(({ key }) => key),
      ];
      expect(keys, title).to.have.members([
        'app.kubernetes.io/name',
        'app.kubernetes.io/instance',
        'app.kubernetes.io/component',
      ]);
    }
  });

  it('of servers select no pods of Jobs or tests', () => {
    const servers = selectors().filter(({ title }) => !/\.(migration|setup|reconcile|test)$/.test(title));
    expect(servers).to.have.length.above(15);
    for (const { title, selector } of servers) {
      const [only, ...more] = matched(selector);
      expect(only, title).to.match(/^(Deployment|StatefulSet) /);
      expect(more, title).to.deep.equal([]);
    }
  });

  it('select the intended pods', () => {
    const found = Object.fromEntries(selectors().map(({ title, selector }) => [title, matched(selector)]));
    expect(found).to.deep.include({
      'Service author-service': ['Deployment author-service'],
      'Service gateway-service': ['Deployment gateway-service'],
      'Service postgres': ['StatefulSet postgres'],
      'NetworkPolicy author-service.migration': ['Job author-service-migration'],
      'NetworkPolicy gateway-service.test': ['Pod gateway-service-test'],
      'NetworkPolicy gateway-service.reconcile': ['CronJob gateway-service-reconcile'],
    });
    expect(found['NetworkPolicy postgres.setup']).to.have.members(['Job postgres-setup', 'Pod postgres-test']);
  });
});
