/*
 * What clients did to the relation and what they were told: a history, which a checker can judge afterwards.
 *
 * It is kept as JSON lines, one for each operation and pair; a request that tells of several pairs (a list, the
 * deletion of an entity) is one line for each of them. The fields of a line:
 *
 *   event, author  the ids of the pair
 *   process        a number for the client; it has one request under way at a time
 *   start, end     microseconds of one monotonic clock: just before the request was sent, just after its answer had
 *                  arrived in full; end is null where no answer came. A list in pages has the interval of the page,
 *                  or of the neighbouring pages, that told of the pair
 *   kind           add, remove, read (of the pair or by any list), delete (of its event or author)
 *   outcome        done     took effect between start and end (add 200 or 201, remove and delete 204)
 *                  present, absent
 *                           what a read saw at some moment between start and end; a remove that answered
 *                           attendance_not_found saw absent
 *                  missing  at some moment between start and end the event or the author did not exist, and nothing
 *                           was changed (404 with its code)
 *                  refused  certainly without effect, and tells nothing (503, a read without an answer)
 *                  unknown  may take effect at any moment after start, or never (504, no answer)
 *   request        method and path, for humans
 *   status         of the answer; null where none came, or where the databases themselves were asked
 */

export type Kind = 'add' | 'remove' | 'read' | 'delete';
export type Outcome = 'done' | 'present' | 'absent' | 'missing' | 'refused' | 'unknown';

/** An operation on one pair, as far as a checker needs it. */
export interface Operation {
  process: number;
  start: number;
  end: number | null;
  kind: Kind;
  outcome: Outcome;
}

export interface RecordedOperation extends Operation {
  event: string;
  author: string;
  request: string;
  status: number | null;
}

/** Microseconds of a monotonic clock, not rounded. */
export function micros(): number {
  return performance.now() * 1000;
}

export function toJsonLines(operations: readonly RecordedOperation[]): string {
  return operations.map((operation) => `${JSON.stringify(operation)}\n`).join('');
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
