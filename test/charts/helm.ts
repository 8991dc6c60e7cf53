import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifests.ts';

export const services = ['author-service', 'conference-service', 'gateway-service'] as const;
export const charts = ['postgres', ...services] as const;
export type Chart = (typeof charts)[number];

/** The namespace for which charts are rendered. */
export const namespace = 'attendance';

const source = join(import.meta.dirname, '../../charts');
let copy: string | undefined;

/** The charts in a folder of their own, with their dependencies: others may be building those in the project's. */
export function chartsFolder(): string {
  if (copy) return copy;
  const folder = mkdtempSync(join(tmpdir(), 'charts-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const left = ['node_modules', 'charts'];
  cpSync(source, folder, { recursive: true, filter: (path) => path === source || !left.includes(basename(path)) });
  for (const service of services) {
    const { status, stderr } = helm(['dependency', 'build', '--skip-refresh', join(folder, service)]);
    if (status !== 0) throw new Error(stderr);
  }
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

export type Values = Record<string, unknown>;

const rendered = new Map<string, Output>();

/** What `helm template` says to a chart with these values. */
export function template(chart: Chart, values: Values = {}, release: string = chart): Output {
  const key = JSON.stringify([chart, values, release]);
  const args = ['template', release, join(chartsFolder(), chart), '--namespace', namespace, '--values', '-'];
  const output = rendered.get(key) ?? helm(args, JSON.stringify(values));
  rendered.set(key, output);
  return output;
}

/** The objects that a chart makes of these values, hooks and tests among them. */
export function render(chart: Chart, values: Values = {}, release?: string): Manifest[] {
  const { status, stdout, stderr } = template(chart, values, release);
  if (status !== 0) throw new Error(`${chart}: ${stderr}`);
  return parseAllDocuments(stdout)
    .map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as Manifest | null;
    })
    .filter((manifest) => manifest !== null);
}
