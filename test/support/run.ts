import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { add, print, type Summary } from './summary.ts';

/*
 * npm test          the tests
 * npm run verify    the searches for violations
 * npm run check     both, and lint
 */

interface Part {
  name: string;
  seconds: number;
  /** What to read if it failed. */
  output: string;
  summary: Summary;
}

const root = resolve(import.meta.dirname, '../..');
const nothing: Summary = { passed: 0, failed: 0, skipped: {} };
const folder = mkdtempSync(join(tmpdir(), 'attendance-run-'));

const runs = { lint, test: () => mocha('test'), verify: () => mocha('verify') };
const names = process.argv.slice(2);
const parts: Promise<Part>[] = [];
for (const name of names) {
  if (!(name in runs)) throw new Error(`unknown part ${name}: use ${Object.keys(runs).join(', ')}`);
  const part = runs[name as keyof typeof runs]();
  parts.push(part);
  // lint needs a processor and nothing else: it takes what the tests leave idle
  if (name !== 'lint') await part;
}
const done = await Promise.all(parts);
rmSync(folder, { recursive: true });

for (const { output, summary } of done) if (summary.failed > 0) process.stdout.write(output);
for (const { name, seconds, summary } of done)
  process.stdout.write(`${name.padEnd(6)} ${summary.failed > 0 ? 'failed' : 'passed'} in ${seconds.toFixed(0)} s\n`);
const total = done.map(({ summary }) => summary).reduce(add, nothing);
print(total);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs mocha, which shows its own report. */
async function mocha(name: 'test' | 'verify'): Promise<Part> {
  const began = performance.now();
  const file = join(folder, name);
  const child = spawn('npm', ['run', '--silent', `mocha:${name}`], {
    cwd: root,
    env: { ...process.env, SUMMARY_FILE: file },
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const seconds = (performance.now() - began) / 1000;
  let summary = { ...nothing, failed: 1 };
  try {
    summary = JSON.parse(readFileSync(file, 'utf8')) as Summary;
  } catch {
    // it ended before it had run any test
  }
  // mocha may fail without a test that does, as after a leftover error
  if (code !== 0 && summary.failed === 0) summary.failed = 1;
  return { name, seconds, output: '', summary };
}

/** Runs the linters at low priority. Their output is shown only if they fail. */
async function lint(): Promise<Part> {
  const began = performance.now();
  const child = spawn('npm', ['run', '--silent', 'lint'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const [code, ...output] = await Promise.all([
    new Promise((resolve) => child.once('exit', resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  const seconds = (performance.now() - began) / 1000;
  return {
    name: 'lint',
    seconds,
    output: `\nlint:\n${output.join('')}`,
    summary: { ...nothing, failed: code === 0 ? 0 : 1 },
  };
}
