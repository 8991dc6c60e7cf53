import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifests.ts';

export const services = ['author-service', 'conference-service', 'gateway-service'] as const;
export const releases = ['postgres', ...services] as const;
export type Release = (typeof releases)[number];

/** One release of each chart. */
export const distinct = ['postgres', 'author-service', 'gateway-service'] as const;

export const charts = ['postgres', 'owner-service', 'gateway-service'] as const;
export type Chart = (typeof charts)[number];

/** The chart of each release, and its values file there. */
const installed: Record<Release, [chart: Chart, valuesFile?: string]> = {
  postgres: ['postgres'],
  'author-service': ['owner-service', 'values-author.yaml'],
  'conference-service': ['owner-service', 'values-conference.yaml'],
  'gateway-service': ['gateway-service'],
};

/** The namespace for which the tests render charts. */
export const namespace = 'attendance';

const source = join(import.meta.dirname, '../../charts');
let copy: string | undefined;

/** Copies the charts and their dependencies to a temporary folder, because parallel tests would build the originals. */
export function chartsFolder(): string {
  if (copy) return copy;
  const folder = mkdtempSync(join(tmpdir(), 'charts-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const excluded = ['node_modules', 'charts'];
  cpSync(source, folder, { recursive: true, filter: (path) => path === source || !excluded.includes(basename(path)) });
  for (const chart of ['owner-service', 'gateway-service'])
    runHelm(['dependency', 'build', '--skip-refresh', join(folder, chart)]);
  return (copy = folder);
}

export interface Output {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function helm(args: string[], input = ''): Output {
  const { status, stdout, stderr, error } = spawnSync('helm', args, { input, encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Runs helm. @throws if it fails */
export function runHelm(args: string[], input?: string): string {
  const { status, stdout, stderr } = helm(args, input);
  if (status !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
}

export type Values = Record<string, unknown>;

/** Returns helm's arguments for a release: its chart and values. Further values come from standard input. */
export function argumentsOf(release: Release): string[] {
  const [chart, file] = installed[release];
  const folder = join(chartsFolder(), chart);
  return [folder, ...(file ? ['--values', join(folder, file)] : []), '--values', '-'];
}

const rendered = new Map<string, Output>();

/** Runs `helm template` for a release, with further values. */
export function template(release: Release, values: Values = {}, name: string = release): Output {
  const key = JSON.stringify([release, values, name]);
  const args = ['template', name, ...argumentsOf(release), '--namespace', namespace];
  const output = rendered.get(key) ?? helm(args, JSON.stringify(values));
  rendered.set(key, output);
  return output;
}

/** Renders the objects of a release, including hooks and tests. */
export function render(release: Release, values: Values = {}, name?: string): Manifest[] {
  const { status, stdout, stderr } = template(release, values, name);
  if (status !== 0) throw new Error(`${release}: ${stderr}`);
  return manifestsOf(stdout);
}

export function manifestsOf(yaml: string): Manifest[] {
  return parseAllDocuments(yaml)
    .map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as Manifest | null;
    })
    .filter((manifest) => manifest !== null);
}
