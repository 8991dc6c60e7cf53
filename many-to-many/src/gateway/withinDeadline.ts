import type { Environment } from '../environment.ts';
import { NotExecuted } from '../outcome.ts';
import type { Times } from '../times.ts';

/**
 * Runs a read of several copies, and returns its result only if it took at most `requestMs` by the monotonic clock.
 * Otherwise the gateway may have been suspended between two answers, and the claims may have been compacted meanwhile.
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
