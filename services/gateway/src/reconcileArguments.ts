import { parseArgs } from 'node:util';
import type { Mode } from './protocol/reconciler/walk.ts';

export const usage = `Compares the two copies of attendance once, and drops what only one of them holds. Of several claims of a pair it keeps
one; before it drops the others it waits for 40 seconds, until whatever looked at them before is over.

  --dry-run  says what would be dropped, and drops nothing
  --accept   drops it however much it is, and introduces the two databases to each other
  --help     says this

Each row that is dropped, or would be, goes to standard error as a line of JSON, unless that is a terminal:
2> drops.jsonl keeps them.
Exits with 0 where the copies are reconciled; 1 where a person has to look, be it at the copies, at these arguments or at
the environment; 2 where a service did not answer.
`;

/** Arguments that make no sense. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** @throws {UsageError} */
export function readArguments(args: string[]): Mode | 'help' {
  const { help, accept, 'dry-run': dryRun } = parse(args);
  if (help) return 'help';
  if (accept && dryRun) throw new UsageError('--dry-run or --accept, not both');
  return accept ? 'accept' : dryRun ? 'dry run' : 'guarded';
}

function parse(args: string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ args, options: { 'dry-run': flag, accept: flag, help: flag } }).values;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'))) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
