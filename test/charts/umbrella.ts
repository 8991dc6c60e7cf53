import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartsFolder, manifestsOf, namespace, runHelm, type Release, type Values } from './helm.ts';
import type { Manifest } from './manifests.ts';

const valuesOf = (service: string) =>
  parse(readFileSync(join(chartsFolder(), `owner-service/values-${service}.yaml`), 'utf8')) as object;

/** Renders a chart that has all charts as its dependencies, with further values for each of them. */
export function renderUmbrella(values: Record<Release, Values>): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'umbrella-'));
  try {
    const dependency = (name: string, alias = name) => {
      const repository = `file://${join(chartsFolder(), name)}`;
      return { name, version: '0.1.0', repository, ...(alias === name ? {} : { alias }) };
    };
    const chart = {
      apiVersion: 'v2',
      name: 'umbrella',
      version: '0.1.0',
      dependencies: [
        dependency('postgres'),
        dependency('owner-service', 'author-service'),
        // an alias may have capitals, which Helm's templates need no quotes for
        dependency('owner-service', 'conferenceService'),
        dependency('gateway-service'),
      ],
    };
    const allValues = {
      postgres: values.postgres,
      'author-service': { ...valuesOf('author'), ...values['author-service'] },
      conferenceService: { ...valuesOf('conference'), ...values['conference-service'] },
      'gateway-service': values['gateway-service'],
    };
    writeFileSync(join(folder, 'Chart.yaml'), JSON.stringify(chart));
    writeFileSync(join(folder, 'values.yaml'), JSON.stringify(allValues));
    runHelm(['dependency', 'update', '--skip-refresh', folder]);
    return manifestsOf(runHelm(['template', 'umbrella', folder, '--namespace', namespace]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
