import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { add, print, type Summary } from './summary.ts';

/*
 * npm test          lint, type check and tests
 * npm run verify    the searches for violations
 * npm run check     both
 */

interface Done {
  name: string;
  seconds: number;
  /** What is to be read if it failed. */
  output: string;
  summary: Summary;
}

const root = resolve(import.meta.dirname, '../..');
const nothing: Summary = { passed: 0, failed: 0, skipped: {} };
const folder = mkdtempSync(join(tmpdir(), 'attendance-run-'));

const parts: Done[] = [];
const commands = process.argv.slice(2);
for (const command of commands) {
  if (command === 'test') {
    // these need a processor and nothing else: they get what the tests leave idle
    const checks = ['lint', 'typecheck'].map(check);
    parts.push(await mocha('test'), ...(await Promise.all(checks)));
  } else if (command === 'verify') parts.push(await mocha('verify'));
  else throw new Error(`unknown: ${command}; known are test and verify`);
}
rmSync(folder, { recursive: true });

for (const { output, summary } of parts) if (summary.failed > 0) process.stdout.write(output);
for (const { name, seconds, summary } of parts)
  process.stdout.write(`${name.padEnd(9)} ${summary.failed > 0 ? 'failed' : 'passed'} in ${seconds.toFixed(0)} s\n`);
const total = parts.map(({ summary }) => summary).reduce(add, nothing);
print(total);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs mocha, which shows its own report. */
async function mocha(name: 'test' | 'verify'): Promise<Done> {
  const began = performance.now();
  const file = join(folder, name);
  const child = spawn('npm', ['run', '--silent', `mocha:${name}`], {
    cwd: root,
    env: { ...process.env, SUMMARY_FILE: file },
    stdio: 'inherit',
  });
  const code = await new Promise((done) => child.once('exit', done));
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

async function check(name: string): Promise<Done> {
  const began = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const [code, ...output] = await Promise.all([
    new Promise((done) => child.once('exit', done)),
    text(child.stdout),
    text(child.stderr),
  ]);
  const seconds = (performance.now() - began) / 1000;
  return {
    name,
    seconds,
    output: `\n${name}:\n${output.join('')}`,
    summary: { ...nothing, failed: code === 0 ? 0 : 1 },
  };
}
