import { z } from 'zod';

/*
 * What clients did to the relation and what they were told: a history, which a checker can judge afterwards. As JSON
 * lines it is for other checkers too: docs/history-format.md says what the fields mean.
 */

const kinds = ['add', 'remove', 'read', 'delete'] as const;
const outcomes = ['done', 'present', 'absent', 'missing', 'refused', 'unknown'] as const;

export type Kind = (typeof kinds)[number];
export type Outcome = (typeof outcomes)[number];

/** What one request told of one pair. */
export const recordedOperation = z.strictObject({
  event: z.string(),
  author: z.string(),
  process: z.int().min(0),
  start: z.int(),
  end: z.int().nullable(),
  kind: z.enum(kinds),
  outcome: z.enum(outcomes),
  request: z.string(),
  status: z.int().nullable(),
});
export type RecordedOperation = z.infer<typeof recordedOperation>;

/** An operation on one pair, as far as a checker needs it. */
export type Operation = Pick<RecordedOperation, 'process' | 'start' | 'end' | 'kind' | 'outcome'>;

/** Of which run a history is: the first line of its file. */
export const recordedRun = z.strictObject({ seed: z.int(), time_scale: z.number() });
export type RecordedRun = z.infer<typeof recordedRun>;

/** Microseconds of a monotonic clock, not rounded. */
export function micros(): number {
  return performance.now() * 1000;
}

/** @param run what the first line tells, where these are not a part of a file */
export function toJsonLines(operations: readonly RecordedOperation[], run?: RecordedRun): string {
  return [...(run ? [run] : []), ...operations].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The operations of each pair, in the order given. */
export function byPair(operations: readonly RecordedOperation[]): RecordedOperation[][] {
  const pairs = new Map<string, RecordedOperation[]>();
  for (const operation of operations) {
    const pair = `${operation.event} ${operation.author}`;
    const known = pairs.get(pair);
    if (known) known.push(operation);
    else pairs.set(pair, [operation]);
  }
  return [...pairs.values()];
}
