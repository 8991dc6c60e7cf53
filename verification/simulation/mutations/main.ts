import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { optionsOrExit, wholeNumber } from '../../../test/support/options.ts';
import { runMutations, isAsExpected, seeds } from './runMutations.ts';

const processes = optionsOrExit(() => {
  const options = { processes: { type: 'string', default: String(availableParallelism()) } } as const;
  return wholeNumber('processes', parseArgs({ options }).values.processes, 1);
});

print(`| mutation | histories until caught, for seeds ${seeds.join(', ')} |\n| --- | --- |`);
for (const { mutation, caught } of runMutations({ processes })) {
  const counts = await caught;
  const asExpected = isAsExpected(mutation, counts);
  if (!asExpected) process.exitCode = 1;
  const cells = counts.map((count) => count ?? 'never').join(', ');
  print(`| ${mutation.name}${mutation.harmless ? ' (harmless)' : ''} | ${cells}${asExpected ? '' : ' **wrong**'} |`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
