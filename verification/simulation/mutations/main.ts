import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { optionsOrExit, wholeNumber } from '../../../test/support/options.ts';
import { huntAll, isRight, seeds } from './hunts.ts';

const processes = optionsOrExit(() => {
  const options = { processes: { type: 'string', default: String(availableParallelism()) } } as const;
  return wholeNumber('processes', parseArgs({ options }).values.processes, 1);
});

print(`| mutation | histories until caught, for seeds ${seeds.join(', ')} |\n| --- | --- |`);
for (const { mutation, caught } of huntAll(processes)) {
  const counts = await caught;
  const right = isRight(mutation, counts);
  if (!right) process.exitCode = 1;
  const cells = counts.map((count) => count ?? 'never').join(', ');
  print(`| ${mutation.name}${mutation.harmless ? ' (harmless)' : ''} | ${cells}${right ? '' : ' **wrong**'} |`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
