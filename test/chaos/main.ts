import { randomInt } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createTimes } from '@attendance/common/times';
import { toJsonLines } from '../support/history.ts';
import { runChaos, type ChaosReport } from './chaos.ts';
import { startProgress } from './progress.ts';
import { summary } from './summary.ts';

const folder = resolve(import.meta.dirname, '../../.data/chaos');
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    'time-scale': { type: 'string', default: '0.2' },
    clients: { type: 'string', default: '40' },
    history: { type: 'string', default: join(folder, 'history.jsonl') },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const seconds = Math.round(Number(values.minutes) * 60);
const timeScale = Number(values['time-scale']);
const parallel = Number(values.clients);
if (![seed, seconds, timeScale, parallel].every((number) => number >= 0) || !Number.isSafeInteger(seed))
  throw new Error('--minutes, --time-scale and --clients are numbers, --seed is a whole one');

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const logs = join(folder, 'logs');
rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
mkdirSync(dirname(resolve(values.history)), { recursive: true });

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
  print(`seed ${seed}; what was told, as JSON lines: ${values.history}; faults and logs: ${folder}`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} catch (error) {
  progress.stop();
  if (!interrupted.signal.aborted) throw error;
  print('interrupted, nothing was judged');
  process.exit(130);
}

async function write({ histories, strikes }: ChaosReport): Promise<void> {
  const file = createWriteStream(values.history);
  for (const { operations } of histories) file.write(toJsonLines(operations));
  await new Promise<void>((resolve) => file.end(resolve));
  writeFileSync(join(folder, 'faults.jsonl'), strikes.map((strike) => `${JSON.stringify(strike)}\n`).join(''));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
