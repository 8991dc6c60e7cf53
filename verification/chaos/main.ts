import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTimes } from '@attendance/common/times';
import { optionsOrExit } from '../../test/support/options.ts';
import { checkThatTheyAnswer, runAttached } from './attached.ts';
import { runChaos, type ChaosWatch } from './chaos.ts';
import { beginHistoryFile } from './historyFile.ts';
import { readOptions } from './options.ts';
import { startProgress } from './progress.ts';
import type { Strike } from './strike.ts';
import { summary } from './summary.ts';

const folder = resolve(import.meta.dirname, '../../.data/chaos');
const { gateways, history, ...options } = optionsOrExit(() =>
  readOptions(process.argv.slice(2), { history: join(folder, 'history.jsonl') }),
);
const { seconds, seed, timeScale, parallel } = options;
const attached = gateways.length > 0;
await checkThatTheyAnswer(gateways).catch((error: unknown) =>
  optionsOrExit(() => {
    throw error;
  }),
);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const logs = join(folder, 'logs');
const faults = join(folder, 'faults.jsonl');
// a run that ends early must not leave those of another one
for (const old of [logs, faults]) rmSync(old, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
const write = beginHistoryFile(history, { seed, time_scale: timeScale });
const strikes: Strike[] = [];
// however it ends
process.on('exit', () => writeFileSync(faults, strikes.map((strike) => `${JSON.stringify(strike)}\n`).join('')));

const { expiryMs, graceMs, callMs } = createTimes({ scale: timeScale });
print(`${seconds} s ${attached ? 'at work' : 'under faults'}, seed ${seed}, ${parallel} histories at a time`);
print(`times are scaled by ${timeScale}: a call to an owner service has ${callMs} ms,`);
print(`an add expires after ${expiryMs / 1_000} s, the grace period is ${graceMs / 1_000} s`);
if (attached) print(`break what you like in these ${seconds} s; then all of it has to run again`);
const progress = startProgress(seconds);
const watch: ChaosWatch = {
  phase: progress.watch.phase,
  history: (over) => {
    write(over);
    progress.watch.history(over);
  },
  strike: (strike) => {
    strikes.push(strike);
    progress.watch.strike(strike);
  },
};
try {
  const run = { ...options, signal: interrupted.signal, watch };
  const report = attached ? await runAttached({ gateways, ...run }) : await runChaos({ logs, ...run });
  progress.stop();
  // the last reads
  report.histories.forEach(write);
  print(summary(report));
  print(`seed ${seed}; what was told, as JSON lines: ${history}${attached ? '' : `; faults and logs: ${folder}`}`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} catch (error) {
  progress.stop();
  if (!interrupted.signal.aborted) throw error;
  print(`interrupted, nothing was judged; what was told in histories that were over by then: ${history}`);
  process.exit(130);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
