import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTimes } from '@attendance/common/times';
import { optionsOrExit } from '../../test/support/options.ts';
import { checkGatewaysAnswer, runOnExternalSystem } from './externalSystem.ts';
import { runChaos } from './chaos.ts';
import type { FailoverRecord } from './failover/record.ts';
import { loseCommits } from './failover/loseCommits.ts';
import { checkPrograms } from './failover/patroni/programs.ts';
import { runFailovers } from './failover/runFailovers.ts';
import { beginHistoryFile } from './historyFile.ts';
import { readOptions } from './options.ts';
import { startProgress } from './progress.ts';
import type { History } from '../histories/histories.ts';
import type { Strike } from './strike.ts';
import { summary } from './summary.ts';

const folder = resolve(import.meta.dirname, '../..', process.env.DATA_FOLDER || '.data', 'chaos');
const { gateways, breaks, history, ...options } = optionsOrExit(() =>
  readOptions(process.argv.slice(2), { history: join(folder, 'history.jsonl') }),
);
const { seconds, seed, timeScale, parallel } = options;
const external = gateways.length > 0;
await checkGatewaysAnswer(gateways).catch((error: unknown) =>
  optionsOrExit(() => {
    throw error;
  }),
);

if (breaks === 'primaries of Patroni') optionsOrExit(checkPrograms);

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const logs = join(folder, 'logs');
const faults = join(folder, 'faults.jsonl');
// deletes the files of the previous run, which an early end would keep
for (const old of [logs, faults]) rmSync(old, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
const write = beginHistoryFile(history, { seed, time_scale: timeScale });
const strikes: (Strike | FailoverRecord)[] = [];
// also after an interruption
process.on('exit', () => writeFileSync(faults, strikes.map((strike) => `${JSON.stringify(strike)}\n`).join('')));

if (breaks === 'asynchronous primaries') {
  print(`failovers to asynchronous standbys, seed ${seed}; the scale of times is ${timeScale}`);
  const phase = (name: string) => print(`${name} …`);
  const losing = loseCommits({ ...options, logs, signal: interrupted.signal, watch: { phase } });
  const { lines, violations } = await losing.catch((error: unknown) => {
    if (!interrupted.signal.aborted) throw error;
    return { lines: [], violations: ['interrupted'] };
  });
  const verdict = violations.length === 0 ? 'all as documented' : `NOT as documented: ${violations.join('; ')}`;
  print([...lines, verdict].join('\n'));
  process.exit(violations.length === 0 ? 0 : 1);
}

const { expiryMs, graceMs, callMs } = createTimes({ scale: timeScale });
print(
  `${seconds} s ${external ? 'of requests' : breaks === 'everything' ? 'of faults' : 'of failovers'}, seed ${seed}, ${parallel} concurrent histories`,
);
print(`the scale of times is ${timeScale}: a call to an owner service takes ${callMs} ms at most,`);
print(`an add expires after ${expiryMs / 1_000} s, the grace period is ${graceMs / 1_000} s`);
if (external) print(`break the system within these ${seconds} s; all of it must run again afterwards`);
const progress = startProgress(seconds);
const watch = {
  phase: progress.watch.phase,
  history: (ended: History) => {
    write(ended);
    progress.watch.history(ended);
  },
};
const onFault = (fault: Strike | FailoverRecord) => {
  strikes.push(fault);
  progress.watch.fault('violations' in fault ? fault.violations.length : 0);
};
try {
  const run = { ...options, logs, signal: interrupted.signal };
  const report = external
    ? await runOnExternalSystem({ ...run, gateways, watch })
    : breaks === 'everything'
      ? await runChaos({ ...run, watch: { ...watch, strike: onFault } })
      : await runFailovers({
          ...run,
          patroni: breaks === 'primaries of Patroni',
          watch: { ...watch, failover: onFault },
        });
  progress.stop();
  // adds the last reads
  report.histories.forEach(write);
  print(summary(report));
  print(`seed ${seed}; histories: ${history}${external ? '' : `; faults and logs: ${folder}`}`);
  // a silenced connection of a failover may still be open
  process.exit(report.violations.length === 0 ? 0 : 1);
} catch (error) {
  progress.stop();
  if (!interrupted.signal.aborted) throw error;
  print(`interrupted, nothing was checked; histories that had ended: ${history}`);
  process.exit(130);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
