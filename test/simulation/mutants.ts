import { mutate } from './mutate.ts';
import { mutations, type Mutation } from './mutations.ts';
import { seedOf } from './seeds.ts';
import { simulate } from './simulate.ts';

/** Histories within which every mutation has to be caught, and for how many seeds. */
const most = 20_000;
const seeds = [1, 2, 3, 4, 5];

let wrong = 0;
print(`| mutation | histories until caught, for seeds ${seeds.join(', ')} |\n| --- | --- |`);
for (const mutation of mutations) {
  const caught: (number | null)[] = [];
  for (const seed of seeds) caught.push(await untilCaught(mutation, seed));
  const good = caught.every((count) => (count === null) === (mutation.harmless ?? false));
  if (!good) wrong++;
  const cells = caught.map((count) => count ?? 'never').join(', ');
  print(`| ${mutation.name}${mutation.harmless ? ' (harmless)' : ''} | ${cells}${good ? '' : ' **wrong**'} |`);
}
if (wrong > 0) process.exitCode = 1;

async function untilCaught(mutation: Mutation, seed: number): Promise<number | null> {
  const code = await mutate(mutation);
  for (let i = 0; i < most; i++)
    if ((await simulate({ seed: seedOf(seed * 1_000_003, i), code })).faults.length > 0) return i + 1;
  return null;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
