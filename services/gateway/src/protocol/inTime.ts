import type { Dependencies } from './dependencies.ts';

/**
 * A composed read is worth something only if all of it was asked and answered within the public deadline: a gateway
 * that slept in between may hold an answer from before claims that both copies had were tidied away.
 */
export async function inTime<Result>(
  { now, times }: Pick<Dependencies, 'now' | 'times'>,
  read: () => Promise<Result>,
): Promise<Result | { outcome: 'not_executed'; reason: string }> {
  const started = now();
  const result = await read();
  return now() - started <= times.public ? result : { outcome: 'not_executed', reason: 'the read took too long' };
}
