import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { releases, render } from '../../test/charts/helm.ts';
import type { Manifest } from '../../test/charts/manifests.ts';
import { definitionOf, faultsOf, type Definitions } from './openapi.ts';
import { variants } from '../../test/charts/variants.ts';

/** The definitions of the kinds that are used here, from `/openapi/v2` of a Kubernetes 1.34 server. */
const file = new URL('kubernetes-1.34-schema.json', import.meta.url);
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Definitions };

function faults(manifest: Manifest): string[] {
  const schema = definitionOf(definitions, manifest.apiVersion, manifest.kind);
  if (!schema) return [`${manifest.apiVersion} ${manifest.kind}: the server has no such kind`];
  return faultsOf(definitions, schema, manifest, `${manifest.kind} ${manifest.metadata.name}`);
}

/** The kinds of the Prometheus operator are not in the schema. */
const isOfPrometheusOperator = ({ apiVersion }: Manifest) => apiVersion.startsWith('monitoring.coreos.com/');

describe('the check against the schema of Kubernetes 1.34', () => {
  const service = (spec: object): Manifest => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec });

  it('finds an unknown field, a missing field and a wrong type', () => {
    expect(faults(service({ prots: [] }))).to.deep.equal(['Service x.spec.prots: is no field']);
    expect(faults(service({ ports: [{}] }))).to.deep.equal(['Service x.spec.ports[0].port: is missing']);
    expect(faults(service({ ports: [{ port: '80' }] }))).to.deep.equal([
      'Service x.spec.ports[0].port: is string, not integer',
    ]);
    expect(faults({ ...service({}), apiVersion: 'v2' })).to.deep.equal(['v2 Service: the server has no such kind']);
  });

  it('accepts a valid object', () => {
    expect(faults(service({ ports: [{ port: 80, targetPort: 'http' }], selector: { app: 'x' } }))).to.deep.equal([]);
  });
});

describeWith('helm', 'charts: objects against the schema of Kubernetes 1.34', () => {
  for (const release of releases)
    for (const [variant, values] of Object.entries(variants[release]))
      it(`${release}, ${variant}`, () => {
        const manifests = render(release, values).filter((manifest) => !isOfPrometheusOperator(manifest));
        expect(manifests.flatMap(faults)).to.deep.equal([]);
      });

  it('have valid label values for any tag', () => {
    const tag = `${'0123456789abcdef'.repeat(4)}-dirty`;
    for (const tagged of [tag, `1.2@sha256:${tag}`, `${'x'.repeat(62)}-1`])
      for (const release of releases)
        for (const { metadata } of render(release, { image: { tag: tagged } }))
          for (const value of Object.values(metadata.labels ?? {}))
            expect(value).to.match(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
  });

  it('have unique names', () => {
    const all = releases.flatMap((release) => render(release, variants[release].everything));
    const names = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).to.have.lengthOf(new Set(names).size);
  });
});
