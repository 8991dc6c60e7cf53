import { readFileSync } from 'node:fs';
import { gatewayConfig, migrateConfig, ownerConfig, reconcileConfig } from '@attendance/common/runtime/config';
import { authorService } from '@attendance/author-service/service';
import { conferenceService } from '@attendance/conference-service/service';
import { expect } from 'chai';
import { unknownId } from '../support/gateway.ts';
import { useSharedSystem } from '../support/sharedSystem.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

/** Returns the rows of the table below a heading, each as its cells. */
function rowsBelow(heading: string): string[][] {
  const [section = ''] = page.split(`## ${heading}\n`)[1]?.split('\n## ') ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

interface Config {
  shape: Record<string, { safeParse: (value: unknown) => { success: boolean; data?: unknown } }>;
}

const code = (text: string) => `\`${text}\``;

describe('docs/configuration.md: variables', () => {
  const configs: Record<string, Config> = {
    gateway: gatewayConfig,
    author: ownerConfig(authorService),
    conference: ownerConfig(conferenceService),
    migrations: migrateConfig,
    reconcile: reconcileConfig,
  };

  /** Returns the readers and the default of each variable, as the page must list them. */
  function expectedRows(): Map<string, [readers: string, defaults: string]> {
    const readers = new Map<string, { names: string[]; defaults: Set<string> }>();
    for (const [service, { shape }] of Object.entries(configs))
      for (const [name, schema] of Object.entries(shape)) {
        const { success, data } = schema.safeParse(undefined);
        const known = readers.get(name) ?? { names: [], defaults: new Set() };
        known.names.push(service);
        known.defaults.add(
          !success ? 'must be set' : data === undefined ? 'none' : code(`${data as string | number | boolean}`),
        );
        readers.set(name, known);
      }
    return new Map(
      [...readers].map(([name, { names, defaults }]) => [code(name), [names.join(', '), [...defaults].join(', ')]]),
    );
  }

  it('are exactly those of the services, each with its readers and default', () => {
    const documented = new Map(rowsBelow('Variables').map(([name, readers, defaults]) => [name, [readers, defaults]]));
    expect(Object.fromEntries(documented)).to.deep.equal(Object.fromEntries(expectedRows()));
  });
});

describe('docs/configuration.md: metrics', () => {
  const { system } = useSharedSystem();

  /** Reads the type, the services and the labels of each of the services' own metrics. */
  async function readMetrics(): Promise<Map<string, { type: string; services: string[]; labels: Set<string> }>> {
    const metrics = new Map<string, { type: string; services: string[]; labels: Set<string> }>();
    for (const service of ['gateway', 'author', 'conference'] as const) {
      const answer = await fetch(`${system.processes[service].managementUrl}/metrics`);
      for (const block of (await answer.text()).split('# HELP ').slice(1)) {
        const [, name, type] = /^# TYPE (\w+) (\w+)$/m.exec(block)!;
        if (/^(nodejs|process)_/.test(name!)) continue;
        const metric = metrics.get(code(name!)) ?? { type: type!, services: [], labels: new Set() };
        metric.services.push(service);
        for (const [, label] of block.matchAll(/[{,](\w+)="/g))
          if (label !== 'service' && label !== 'le') metric.labels.add(code(label!));
        metrics.set(code(name!), metric);
      }
    }
    return metrics;
  }

  it('are exactly those of running services, with their type and labels', async () => {
    const answer = await fetch(`${system.gateway}/event/${unknownId}/attendance/${unknownId}`, { method: 'POST' });
    expect(answer.status).to.equal(404);
    const metrics = await readMetrics();
    const documented = rowsBelow('Metrics');
    expect(documented.map(([name]) => name)).to.have.members([...metrics.keys()]);
    for (const [name, type, services, labels] of documented) {
      const metric = metrics.get(name!)!;
      expect([type, services], name).to.deep.equal([metric.type, metric.services.join(', ')]);
      expect(labels!.split(', '), `labels of ${name}`).to.include.members([...metric.labels]);
    }
  });
});
