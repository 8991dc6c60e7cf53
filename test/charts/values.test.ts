import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { describeWith } from '../support/needs.ts';
import {
  argumentsOf,
  charts,
  helm,
  releases,
  runHelm,
  template,
  type Chart,
  type Release,
  type Values,
} from './helm.ts';
import { variants } from './variants.ts';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
}

const folder = join(import.meta.dirname, '../../charts');
const schemaOf = (chart: Chart) =>
  JSON.parse(readFileSync(join(folder, chart, 'values.schema.json'), 'utf8')) as Schema;
const textOf = (chart: Chart) => readFileSync(join(folder, chart, 'values.yaml'), 'utf8');

/** Lists the key paths of a schema, and those of the values down to the same depth. */
function keyPaths(schema: Schema, values: unknown, path: string[] = []): { inSchema: string[]; inValues: string[] } {
  const inSchema: string[] = [];
  const inValues: string[] = [];
  const map = values as Record<string, unknown>;
  for (const key of Object.keys(map)) inValues.push([...path, key].join('.'));
  for (const [key, below] of Object.entries(schema.properties ?? {})) {
    inSchema.push([...path, key].join('.'));
    if (!below.properties || map[key] === undefined) continue;
    const deeper = keyPaths(below, map[key], [...path, key]);
    inSchema.push(...deeper.inSchema);
    inValues.push(...deeper.inValues);
  }
  return { inSchema, inValues };
}

describe('charts: values', () => {
  const injected = [
    // Helm adds these two
    'global',
    'service-library',
    // names of the first released chart, which `helm upgrade --reuse-values` still passes
    'database.ownerRole',
    'database.ownerPasswordKey',
    'databases.ownerPasswordKey',
  ];

  for (const chart of charts)
    it(`${chart}: schema and values.yaml have the same keys`, () => {
      const { inSchema, inValues } = keyPaths(schemaOf(chart), parse(textOf(chart)));
      expect(inSchema.filter((key) => !injected.includes(key))).to.have.members(inValues);
    });

  it('the charts of the services share schema and defaults of their common values', () => {
    const [ownerService, gateway] = (['owner-service', 'gateway-service'] as const).map((chart) => ({
      schema: schemaOf(chart).properties ?? {},
      values: parse(textOf(chart)) as Values,
    }));
    const specific = ['service', 'port', 'database', 'migration', 'serviceToken', 'networkPolicy', 'image'];
    const common = Object.keys(ownerService!.schema).filter(
      (key) => !specific.includes(key) && !injected.includes(key),
    );
    expect(common).to.have.length.above(15);
    for (const key of common) {
      expect(gateway!.schema[key], key).to.deep.equal(ownerService!.schema[key]);
      expect(gateway!.values[key], key).to.deep.equal(ownerService!.values[key]);
    }
  });

  it('the READMEs list all values', () => {
    const { stderr, status } = spawnSync('node', [join(folder, 'readme.mjs'), '--check'], { encoding: 'utf8' });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });
});

const mistakes: [release: Release, values: Values, message: string][] = [
  ['author-service', { replicaz: 2 }, "additional properties 'replicaz' not allowed"],
  ['author-service', { image: { tagg: '1' } }, "at '/image': additional properties 'tagg' not allowed"],
  ['author-service', { database: { prot: 5432 } }, "at '/database': additional properties 'prot' not allowed"],
  ['conference-service', { database: { port: 'x' } }, "at '/database/port': got string, want integer"],
  ['conference-service', { resources: { limit: { cpu: 1 } } }, "at '/resources': additional properties 'limit'"],
  ['gateway-service', { database: { host: 'x' } }, "additional properties 'database' not allowed"],
  ['gateway-service', { ownerServices: { author: 'http://author-service' } }, "at '/ownerServices/author'"],
  ['gateway-service', { logLevel: 'loud' }, "at '/logLevel': value must be one of 'trace', 'debug', 'info'"],
  ['gateway-service', { podDisruptionBudget: { maxUnavailable: 0 } }, "at '/podDisruptionBudget/maxUnavailable'"],
  ['gateway-service', { reconcile: { cronjob: {} } }, "at '/reconcile': additional properties 'cronjob' not allowed"],
  ['gateway-service', { reconcile: { cronJob: { schedule: 'daily' } } }, "at '/reconcile/cronJob/schedule'"],
  ['gateway-service', { reconcile: { cronJob: { args: ['--accept'] } } }, "at '/reconcile/cronJob/args/0'"],
  ['gateway-service', { heap: 400 }, 'heap: 400Mi must be below resources.limits.memory: 384Mi'],
  ['gateway-service', { heap: 1024, resources: { limits: { memory: '1Gi' } } }, 'heap: 1024Mi must be below'],
  ['postgres', { databases: { items: [{ nam: 'x' }] } }, "at '/databases/items/0': additional properties 'nam'"],
  ['postgres', { setings: {} }, "additional properties 'setings' not allowed"],
];

describeWith('helm', 'charts: helm', () => {
  for (const [release, values, message] of mistakes)
    it(`refuses ${JSON.stringify(values)} for ${release}`, () => {
      const { status, stderr } = template(release, values);
      expect(status).to.equal(1);
      expect(stderr).to.include(message);
    });

  it('refuses an owner service without its values file', () => {
    const { status, stderr } = helm(['template', 'x', argumentsOf('author-service')[0]!]);
    expect(status).to.equal(1);
    for (const value of ['service', 'port', 'image/repository', 'database/name', 'database/existingSecret'])
      expect(stderr).to.include(`at '/${value}'`);
  });

  for (const release of releases)
    for (const variant of ['defaults', 'everything'])
      it(`lints ${release}, ${variant}`, () => {
        const args = ['lint', '--strict', '--quiet', ...argumentsOf(release)];
        const { status, stdout, stderr } = helm(args, JSON.stringify(variants[release][variant]));
        expect(status, stdout + stderr).to.equal(0);
      });

  it('has the dependencies of Chart.lock', () => {
    for (const release of ['author-service', 'gateway-service'] as const)
      expect(runHelm(['dependency', 'list', argumentsOf(release)[0]!])).to.match(/service-library\s.*\sok\s/);
  });
});
