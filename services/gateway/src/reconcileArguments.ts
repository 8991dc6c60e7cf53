import { parseArgs } from 'node:util';
import { createTimes, finalAfterMs, type Mode } from 'many-to-many';

export const usage = `Compares the two copies of attendance once, and drops half claims: those that only one copy holds. If a pair has several
claims it keeps one. Before it drops the others it waits for ${finalAfterMs(createTimes()) / 1000} seconds, until every operation that may have read them
is over.

  --dry-run  reports what would be dropped, and drops nothing
  --accept   drops however much there is, and introduces the two databases to each other
  --help     prints this text

Each row that is dropped, or would be, is written to standard error as a line of JSON, unless that is a terminal. Keep
them with 2> drops.jsonl.
Exit codes: 0 the copies are reconciled; 1 a person has to look, at the copies, at these arguments or at the
configuration; 2 a service did not answer.
`;

/** The arguments are not valid. */
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
