import type { Environment } from '../environment.ts';
import { NotExecuted } from '../outcome.ts';
import type { Times } from '../times.ts';

/**
 * Runs a read of several copies, and gives its result only if it took at most `requestMs` by the monotonic clock. A
 * gateway that was suspended between two answers may hold one that is older than a compaction of the claims.
 */
export async function withinDeadline<Result>(
  { now }: Pick<Environment, 'now'>,
  { requestMs }: Pick<Times, 'requestMs'>,
  read: () => Promise<Result>,
): Promise<Result | NotExecuted> {
  const started = now();
  const result = await read();
  return now() - started <= requestMs ? result : new NotExecuted(`the read took longer than ${requestMs} ms`);
}
