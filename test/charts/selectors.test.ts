import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { releases, render } from './helm.ts';
import { at, selects, workloadsOf, type Manifest, type Selector } from './manifests.ts';
import { variants } from './variants.ts';

describeWith('helm', 'what selects pods', () => {
  const everything = releases.flatMap((release) => ({ release, values: variants[release].everything! }));
  let manifests: Manifest[];
  before(() => void (manifests = everything.flatMap(({ release, values }) => render(release, values))));

  const selectors = () =>
    manifests.flatMap(({ kind, metadata: { name }, spec }) => {
      const title = `${kind} ${name}`;
      if (kind === 'Service') return [{ title, selector: { matchLabels: at(spec, 'selector') } as Selector }];
      const path = kind === 'NetworkPolicy' ? 'podSelector' : 'selector';
      const selector = at(spec, path) as Selector | undefined;
      // a ServiceMonitor selects Services, which have the labels of the pods behind them
      return selector ? [{ title, selector }] : [];
    });

  const matched = (selector: Selector) =>
    workloadsOf(manifests)
      .filter(({ labels }) => selects(selector, labels))
      .map(({ title }) => title);

  it('matches by name, instance and component', () => {
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

  it('never takes a migration, the setup, the reconciler or a test for a server', () => {
    const servers = selectors().filter(({ title }) => !/\.(migration|setup|reconcile|test)$/.test(title));
    expect(servers).to.have.length.above(15);
    for (const { title, selector } of servers) {
      const [only, ...more] = matched(selector);
      expect(only, title).to.match(/^(Deployment|StatefulSet) /);
      expect(more, title).to.deep.equal([]);
    }
  });

  it('finds the pods that it is for', () => {
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
