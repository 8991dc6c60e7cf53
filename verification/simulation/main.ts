import { fork, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { optionsOrExit, wholeNumber } from '../../test/support/options.ts';
import { explainAttendance } from './attendance.ts';
import { mutate } from './mutations/mutate.ts';
import { faultsToLeaveOut, mutations } from './mutations/mutations.ts';
import { startProgress } from './progress.ts';
import type { Progress, Share } from './worker.ts';

const { seed, histories, processes, mutant } = optionsOrExit(readOptions);

const start = performance.now();
const total = { histories: 0, operations: 0 };
let failed: number | undefined;
print(`${histories} histories, seed ${seed}, ${processes} processes`);
const progress = startProgress(histories, () => total.histories);
const workers = Array.from({ length: processes }, (_, first) =>
  startWorker({ seed, histories, first, step: processes, mutation: mutant?.name }),
);
await Promise.all(workers.map(({ ended }) => ended));
progress.stop();

const seconds = (performance.now() - start) / 1000;
const rate = Math.round(total.histories / seconds);
print(`${total.histories} histories, ${total.operations} answers, ${seconds.toFixed(1)} s, ${rate} histories/s`);
if (failed === undefined && total.histories < histories)
  throw new Error(`only ${total.histories} of ${histories} histories were checked`);
if (failed === undefined) print('no promise is broken');
else {
  const option = mutant ? ` --mutation '${mutant.name}'` : '';
  const explain = mutant ? (await mutate(mutant)).explainAttendance : explainAttendance;
  const repeat = `npm run simulate -- --histories 1 --seed ${failed}${option}`;
  print(await explain({ seed: failed, without: faultsToLeaveOut(mutant) }, repeat));
  process.exitCode = 1;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(randomInt(2 ** 32)) },
      processes: { type: 'string', default: String(availableParallelism()) },
      mutation: { type: 'string' },
    },
  });
  const mutant = mutations.find(({ name }) => name === values.mutation);
  if (values.mutation !== undefined && !mutant)
    throw new Error(`--mutation must be one of: ${mutations.map(({ name }) => name).join(', ')}`);
  const histories = wholeNumber('histories', values.histories, 1);
  const processes = Math.min(wholeNumber('processes', values.processes, 1), histories);
  return { seed: wholeNumber('seed', values.seed, 0), histories, processes, mutant };
}

function startWorker(share: Share): { process: ChildProcess; ended: Promise<void> } {
  // most objects live for one history only
  const execArgv = [...process.execArgv, '--max-semi-space-size=32'];
  const worker = fork(resolve(import.meta.dirname, 'worker.ts'), { execArgv });
  worker.on('message', (progress: Progress) => {
    total.histories += progress.histories;
    total.operations += progress.operations;
    if (progress.failed === undefined || failed !== undefined) return;
    failed = progress.failed;
    for (const other of workers) other.process.kill();
  });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('exit', (code) => {
      if (code === 0 || failed !== undefined) resolve();
      else reject(new Error(`a process of the simulation ended with ${code}`));
    });
  });
  worker.send(share);
  return { process: worker, ended };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
