import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { distinct, render } from '../../test/charts/helm.ts';
import { valueAt, selects, workloadsOf, type Manifest, type Selector } from '../../test/charts/manifests.ts';
import { variants } from '../../test/charts/variants.ts';

/** All that Helm accepts, pairs of which may be shortened alike. */
const names = [
  'x'.repeat(53),
  `${'x'.repeat(52)}y`,
  `${'x'.repeat(41)}-${'x'.repeat(10)}`,
  '7-up',
  'a.b',
  'a-b',
  '123',
  '1e3',
  'true',
  'on',
  // what the objects of another release are called
  'a',
  'a-test',
  'a-migration',
  'a-reconcile',
  'a-dashboard',
  'a-setup',
  'a-scripts',
];

/** What Kubernetes accepts as the name of an object of that kind, with the names that its controllers derive. */
const limits: Record<string, number> = { CronJob: 52, StatefulSet: 52 };
const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function checkNames({ kind, metadata }: Manifest) {
  // these may have dots, which no release's own name has
  const name = ['ConfigMap', 'NetworkPolicy'].includes(kind) ? metadata.name.replace('.', '-') : metadata.name;
  expect(name, kind).to.match(label);
  expect(metadata.name, kind).to.have.lengthOf.at.most(limits[kind] ?? 63);
}

function checkLabels(labels: unknown) {
  for (const [key, value] of Object.entries(labels ?? {}))
    expect(value, key).to.be.a('string').and.to.match(labelValue);
}

describeWith('helm', 'charts: names', () => {
  for (const release of distinct)
    it(`of ${release} are valid for any release, and two releases have nothing in common`, () => {
      const all = names.map((name) => render(release, variants[release].everything, name));
      for (const manifests of all) {
        for (const manifest of manifests) {
          checkNames(manifest);
          checkLabels(manifest.metadata.labels);
        }
        for (const { labels, pod } of workloadsOf(manifests)) {
          checkLabels(labels);
          for (const container of pod.containers) expect(container.name).to.match(label).and.have.length.below(64);
        }
      }
      const titles = all.flat().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(titles).to.have.lengthOf(new Set(titles).size);
      const pods = all.map((manifests) => workloadsOf(manifests));
      for (const [i, manifests] of all.entries())
        for (const { kind, metadata, spec } of manifests) {
          const selector = valueAt(spec, kind === 'NetworkPolicy' ? 'podSelector' : 'selector') as Selector | undefined;
          if (!selector) continue;
          const matched = (of: number) =>
            pods[of]!.filter(({ labels }) =>
              selects(kind === 'Service' ? { matchLabels: selector as never } : selector, labels),
            );
          if (kind !== 'ServiceMonitor') expect(matched(i), `${kind} ${metadata.name}`).not.to.be.empty;
          for (const other of all.keys()) if (other !== i) expect(matched(other)).to.deep.equal([]);
        }
    });

  it('are those of the release where Kubernetes accepts these', () => {
    for (const name of ['a', 'x'.repeat(42), 'b--2'])
      expect(render('gateway-service', {}, name).map(({ metadata }) => metadata.name)).to.include.members([
        name,
        `${name}-reconcile`,
        `${name}-test`,
      ]);
  });
});
