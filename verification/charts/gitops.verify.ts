import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { helm, argumentsOf, distinct, render, type Release, type Values } from '../../test/charts/helm.ts';
import { valueAt, getManifest, isHook, workloadsOf, type Manifest } from '../../test/charts/manifests.ts';
import { everything, variants } from '../../test/charts/variants.ts';

/** By what the items of a list are told apart when objects are merged, by the list's field. */
const mergeKeys: Record<string, string[]> = {
  env: ['name'],
  containers: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  imagePullSecrets: ['name'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeClaimTemplates: ['name'],
};

/** Paths of lists in which two items have the same merge keys. */
function duplicates(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, below]) => {
    const where = `${path}.${field}`;
    const keys = field === 'ports' && /^\.spec\.(template|jobTemplate|ports)/.test(where) ? ['name'] : mergeKeys[field];
    const twice =
      keys && Array.isArray(below) && hasTwice(below.map((item) => keys.map((key) => valueAt(item, key)).join()));
    return [...(twice ? [where] : []), ...duplicates(below, where)];
  });
}
const hasTwice = (all: string[]) => new Set(all).size < all.length;

const withoutHooks = { migration: { hook: '' }, setup: { hook: '' } };
const plain: Record<Release, Values> = {
  postgres: { setup: withoutHooks.setup },
  'author-service': { migration: withoutHooks.migration },
  'conference-service': { migration: withoutHooks.migration },
  'gateway-service': {},
};

/** Values that name what the charts set too. */
const overlapping: Values = {
  podAnnotations: {
    'checksum/config': 'x',
    'prometheus.io/port': '1',
    'helm.sh/hook': 'x',
    'helm.sh/hook-output-log-policy': 'x',
  },
  podLabels: { 'app.kubernetes.io/name': 'x', 'app.kubernetes.io/version': 'x', 'helm.sh/chart': 'x' },
  podSpec: { securityContext: {}, nodeSelector: {}, serviceAccountName: 'x', activeDeadlineSeconds: 1 },
  nodeSelector: { a: 'b' },
  securityContext: { readOnlyRootFilesystem: false },
};

describeWith('helm', 'charts: tools that apply what helm template prints', () => {
  for (const release of distinct)
    describe(release, () => {
      const print = (values: Values) =>
        helm(['template', release, ...argumentsOf(release), '--skip-tests'], JSON.stringify(values)).stdout;

      it('print the same each time', () => {
        const all = variants[release].everything!;
        expect(print(all)).to.equal(print(all)).and.not.to.equal('');
      });

      it('print no key and no list item twice, also if the values name what the chart sets', () => {
        const own = release === 'postgres' ? { settings: { listen_addresses: '::' } } : { env: everything.env };
        const label = release === 'gateway-service' ? { dashboard: { enabled: true, label: 'helm.sh/chart' } } : {};
        // a key that is there twice does not parse
        for (const values of [...Object.values(variants[release]), { ...overlapping, ...own, ...label }])
          for (const manifest of render(release, values))
            expect(duplicates(manifest), `${manifest.kind} ${manifest.metadata.name}`).to.deep.equal([]);
      });

      it('apply Jobs without hooks, under a name that changes with what they run', () => {
        const rendered = (values: Values = {}) => render(release, { ...plain[release], ...values });
        const jobs = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind === 'Job');
        const tests = (manifest: Manifest) => /[-.]test$/.test(manifest.metadata.name);
        expect(rendered().filter((manifest) => isHook(manifest) && !tests(manifest))).to.deep.equal([]);
        const names = (values?: Values) => jobs(rendered(values)).map(({ metadata }) => metadata.name);
        expect(names()).to.have.lengthOf(release === 'gateway-service' ? 0 : 1);
        for (const name of names()) expect(name).to.match(/-(migration|setup)-[0-9a-f]{8}$/);
        for (const values of [{ image: { tag: '2' } }, { podLabels: { a: 'b' } }])
          for (const name of names(values)) expect(names()).not.to.include(name);
        // apart from their names and hooks, they are the Jobs that Helm runs
        const withHooks = jobs(render(release)).map(({ spec }) => spec);
        expect(jobs(rendered()).map(({ spec }) => spec)).to.deep.equal(withHooks);
      });
    });

  it('would not restart PostgreSQL for an equal setting, nor add a second value of one', () => {
    const settings = { listen_addresses: '::', max_wal_size: 3_000_000 };
    const { container } = workloadsOf([getManifest(render('postgres', { settings }), 'StatefulSet')])[0]!;
    expect(container.args!.filter((arg) => arg.startsWith('listen_addresses'))).to.deep.equal(['listen_addresses=::']);
    expect(container.args).to.include('max_wal_size=3000000');
  });
});
