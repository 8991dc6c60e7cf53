import { readFileSync } from 'node:fs';
import { gatewayConfig, migrateConfig, ownerConfig, reconcileConfig } from '@attendance/common/runtime/config';
import { authorService } from '@attendance/author-service/service';
import { conferenceService } from '@attendance/conference-service/service';
import { expect } from 'chai';
import { useSharedSystem } from '../support/sharedSystem.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

/** The cells of a table below a heading, row by row, without the table's own head. */
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

  /** What the page should say of each variable: who reads it, and its default. */
  function expected(): Map<string, [readers: string, defaults: string]> {
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

  it('are all those that the services read, each with its default', () => {
    const told = new Map(rowsBelow('Variables').map(([name, readers, defaults]) => [name, [readers, defaults]]));
    expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(expected()));
  });
});

describe('docs/configuration.md: metrics', () => {
  const { system } = useSharedSystem();

  /** Of the services' own metrics: type, which services have it, and the labels that some series has. */
  async function found(): Promise<Map<string, { type: string; services: string[]; labels: Set<string> }>> {
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

  it('are all those that running services have, of the type and with the labels that they have', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    const answer = await fetch(`${system.gateway}/event/${nobody}/attendance/${nobody}`, { method: 'POST' });
    expect(answer.status).to.equal(404);
    const metrics = await found();
    const told = rowsBelow('Metrics');
    expect(told.map(([name]) => name)).to.have.members([...metrics.keys()]);
    for (const [name, type, services, labels] of told) {
      const metric = metrics.get(name!)!;
      expect([type, services], name).to.deep.equal([metric.type, metric.services.join(', ')]);
      expect(labels!.split(', '), `labels of ${name}`).to.include.members([...metric.labels]);
    }
  });
});
