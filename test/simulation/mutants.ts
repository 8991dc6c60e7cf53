import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutations, type Mutation } from './mutations.ts';
import type { Hunt } from './mutantWorker.ts';

/** Histories within which every mutation has to be caught, and for how many seeds. */
const most = 20_000;
const seeds = [1, 2, 3, 4, 5];

const { values } = parseArgs({ options: { processes: { type: 'string', default: String(availableParallelism()) } } });
const hunts = mutations.flatMap(({ name }) => seeds.map((seed): Hunt => ({ mutation: name, seed, most })));
const caught = new Map<string, (number | null)[]>(mutations.map(({ name }) => [name, []]));
let printed = 0;
let wrong = 0;

print(`| mutation | histories until caught, for seeds ${seeds.join(', ')} |\n| --- | --- |`);
await Promise.all(Array.from({ length: Number(values.processes) }, work));
if (wrong > 0) process.exitCode = 1;

/** Lets one process hunt, until nothing is left to hunt for. */
async function work(): Promise<void> {
  const worker = fork(resolve(import.meta.dirname, 'mutantWorker.ts'));
  for (let hunt = hunts.shift(); hunt; hunt = hunts.shift()) {
    const { mutation, seed } = hunt;
    const count = await new Promise<number | null>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('exit', (code) => reject(new Error(`the hunt for "${mutation}" ended with ${code}`)));
      worker.send(hunt);
    });
    worker.removeAllListeners('exit');
    (caught.get(mutation) ?? [])[seeds.indexOf(seed)] = count;
    printWhatIsDone();
  }
  worker.disconnect();
}

/** In the order of the mutations, each when all of its seeds are there. */
function printWhatIsDone(): void {
  for (let next = mutations[printed]; next && isDone(next); next = mutations[printed]) {
    printed++;
    const counts = caught.get(next.name) ?? [];
    const good = counts.every((count) => (count === null) === (next.harmless ?? false));
    if (!good) wrong++;
    const cells = counts.map((count) => count ?? 'never').join(', ');
    print(`| ${next.name}${next.harmless ? ' (harmless)' : ''} | ${cells}${good ? '' : ' **wrong**'} |`);
  }
}

function isDone({ name }: Mutation): boolean {
  const counts = caught.get(name) ?? [];
  return seeds.every((_, i) => counts[i] !== undefined);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
