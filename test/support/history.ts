import { z } from 'zod';

/*
 * A history: the operations of clients on the relation, and their answers. docs/history-format.md defines the fields and
 * the JSON lines, which other checkers can read too.
 */

const kinds = ['add', 'remove', 'read', 'delete'] as const;
const outcomes = ['done', 'present', 'absent', 'missing', 'refused', 'unknown'] as const;

export type Kind = (typeof kinds)[number];
export type Outcome = (typeof outcomes)[number];

/** One request, as far as it concerns one pair. */
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

/** The fields of an operation that a checker needs. */
export type Operation = Pick<RecordedOperation, 'process' | 'start' | 'end' | 'kind' | 'outcome'>;

/** The first line of a history's file: identifies the run. */
export const recordedRun = z.strictObject({ seed: z.int(), time_scale: z.number() });
export type RecordedRun = z.infer<typeof recordedRun>;

/** Reads a monotonic clock, in microseconds with a fraction. */
export function micros(): number {
  return performance.now() * 1000;
}

/** @param run written as the first line, if given */
export function toJsonLines(operations: readonly RecordedOperation[], run?: RecordedRun): string {
  return [...(run ? [run] : []), ...operations].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Groups operations by pair, and keeps their order. */
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
