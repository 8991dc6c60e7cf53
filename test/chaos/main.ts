import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createTimes } from '@attendance/common/times';
import { toJsonLines } from '../support/history.ts';
import { optionsOrExit } from '../support/options.ts';
import { runChaos, type ChaosReport } from './chaos.ts';
import { readOptions } from './options.ts';
import { startProgress } from './progress.ts';
import { summary } from './summary.ts';

const folder = resolve(import.meta.dirname, '../../.data/chaos');
const { seconds, seed, timeScale, parallel, history } = optionsOrExit(() =>
  readOptions(process.argv.slice(2), { history: join(folder, 'history.jsonl') }),
);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const logs = join(folder, 'logs');
const faults = join(folder, 'faults.jsonl');
// a run that ends early must not leave those of another one
for (const old of [logs, faults, history]) rmSync(old, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
mkdirSync(dirname(resolve(history)), { recursive: true });

const { expiry, grace, downstream } = createTimes({ scale: timeScale });
print(`${seconds} s under faults, seed ${seed}, ${parallel} histories at a time; times are scaled by ${timeScale}:`);
print(`a call to an owner has ${downstream} ms, an add expires after ${expiry / 1_000} s, grace is ${grace / 1_000} s`);
const progress = startProgress(seconds);
try {
  const { signal } = interrupted;
  const report = await runChaos({ seconds, seed, timeScale, logs, parallel, signal, watch: progress.watch });
  progress.stop();
  await write(report);
  print(summary(report));
  print(`seed ${seed}; what was told, as JSON lines: ${history}; faults and logs: ${folder}`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} catch (error) {
  progress.stop();
  if (!interrupted.signal.aborted) throw error;
  print('interrupted, nothing was judged');
  process.exit(130);
}

async function write({ histories, strikes }: ChaosReport): Promise<void> {
  const file = createWriteStream(history);
  file.write(toJsonLines([], { seed, time_scale: timeScale }));
  for (const { operations } of histories) file.write(toJsonLines(operations));
  await new Promise<void>((resolve) => file.end(resolve));
  writeFileSync(faults, strikes.map((strike) => `${JSON.stringify(strike)}\n`).join(''));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
