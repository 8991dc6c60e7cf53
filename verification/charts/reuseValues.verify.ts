import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { describeWith } from '../../test/support/needs.ts';
import {
  argumentsOf,
  distinct,
  helm,
  manifestsOf,
  namespace,
  releases,
  render,
  type Release,
  type Values,
} from '../../test/charts/helm.ts';
import { getManifest, workload } from '../../test/charts/manifests.ts';

/** The values of the first released charts, those of commit f422faa. */
const first = JSON.parse(readFileSync(new URL('first-values.json', import.meta.url), 'utf8')) as Record<
  Release,
  Values
>;

/** What has no default. */
const required: Partial<Record<Release, string[]>> = { 'author-service': ['service', 'port', 'image', 'database'] };

describeWith('helm', 'charts: helm upgrade --reuse-values', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'reuse-values-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Renders as that command does: with the old release's values instead of those of the chart. */
  function upgrade(release: Release, old: Values, values: Values = {}) {
    const [chart] = argumentsOf(release);
    const copy = join(folder, release);
    cpSync(chart!, copy, { recursive: true });
    writeFileSync(join(copy, 'values.yaml'), JSON.stringify(old));
    return helm(['template', release, copy, '--namespace', namespace, '--values', '-'], JSON.stringify(values));
  }

  /** The values that a release has: those of its chart, replaced by those of its values file. */
  function valuesOf(release: Release): Values {
    const [chart, ...args] = argumentsOf(release);
    const read = (file: string) => parse(readFileSync(file, 'utf8')) as Values;
    const all = read(join(chart!, 'values.yaml'));
    if (args.length < 3) return all;
    for (const [key, value] of Object.entries(read(args[1]!)))
      all[key] = typeof value === 'object' ? { ...(all[key] as object), ...value } : value;
    return all;
  }

  for (const release of distinct) {
    const mandatory = required[release] ?? [];

    it(`${release}: a value that the old chart lacked has its default`, () => {
      const defaults = render(release);
      const all = valuesOf(release);
      for (const key of Object.keys(all)) {
        const old = Object.fromEntries(Object.entries(all).filter(([other]) => other !== key));
        const { stderr, stdout } = upgrade(release, old);
        if (mandatory.includes(key)) expect(stderr, key).to.include(`missing property '${key}'`);
        else expect(stderr, key).to.equal('');
        if (!mandatory.includes(key)) expect(manifestsOf(stdout), key).to.deep.equal(defaults);
      }
      const old = Object.fromEntries(Object.entries(all).filter(([key]) => mandatory.includes(key)));
      expect(manifestsOf(upgrade(release, old).stdout)).to.deep.equal(defaults);
    });
  }

  for (const release of releases)
    it(`${release}: the values of the first released chart give the objects of today`, () => {
      const name = release.replace('-service', '');
      const now = name === 'author' || name === 'conference' ? { service: name, port: valuesOf(release).port } : {};
      const { stderr, stdout } = upgrade(release, first[release], now);
      expect(stderr).to.equal('');
      expect(manifestsOf(stdout)).to.deep.equal(render(release));
    });

  it('the names of the first released chart for the migration role still count', () => {
    const database = { ...(first['author-service'].database as object), ownerRole: 'boss', ownerPasswordKey: 'secret' };
    const { stdout } = upgrade(
      'author-service',
      { ...first['author-service'], database },
      { service: 'author', port: 1 },
    );
    const { env } = workload(manifestsOf(stdout), 'Job', 'author-service-migration').container;
    expect(env).to.deep.include({ name: 'DATABASE_USER', value: 'boss' });
    expect(env!.find((variable) => variable.name === 'DATABASE_PASSWORD')!.valueFrom!.secretKeyRef!.key).to.equal(
      'secret',
    );
    const databases = { ...(first.postgres.databases as object), ownerPasswordKey: 'secret' };
    const setup = upgrade('postgres', { ...first.postgres, databases }).stdout;
    expect(JSON.stringify(getManifest(manifestsOf(setup), 'Job')))
      .to.include('"key":"secret"')
      .and.not.include('owner-password');
  });

  it('a field that was removed stays removed', () => {
    const old = {
      ...valuesOf('author-service'),
      podSecurityContext: { runAsNonRoot: true },
      resources: { limits: {} },
    };
    const { pod, container } = workload(
      manifestsOf(upgrade('author-service', old).stdout),
      'Deployment',
      'author-service',
    );
    expect(pod.securityContext).to.deep.equal({ runAsNonRoot: true });
    expect(container.resources).to.deep.equal({ limits: {} });
  });
});
