import { z } from 'zod';
import type { Reply } from '../../test/support/client.ts';
import type { Kind, Outcome } from '../../test/support/history.ts';

/** What a request is about, by id: a pair, where it names both its sides, else all pairs of what it names. */
export interface Asked {
  kind: Kind;
  event?: string;
  author?: string;
  conference?: string;
}

const sides = ['event', 'author', 'conference'] as const;

/**
 * What an answer says of each pair it is about; of a list, an answer that is no page.
 * @throws where the contract knows no such answer to such a request
 */
export function outcomeOf(asked: Asked, reply: Reply<unknown>): Outcome {
  const { kind } = asked;
  const { status, problem, text } = reply;
  const reads = kind === 'read';
  if (status === null) return reads || neverSent(reply) ? 'refused' : 'unknown';
  if (status === 200 && reads && tellsOfPair(asked, reply)) return 'present';
  if ((status === 200 || status === 201) && kind === 'add' && tellsOfPair(asked, reply)) return 'done';
  if (status === 204 && (kind === 'remove' || kind === 'delete')) return 'done';
  if (status === 404) {
    const of = sides.filter((side) => asked[side] !== undefined);
    if (of.some((side) => problem?.code === `${side}_not_found`)) return 'missing';
    if (of.length === 2 && kind !== 'add' && problem?.code === 'attendance_not_found') return 'absent';
  }
  if (status === 503) return 'refused';
  if (status === 504 && !reads) return 'unknown';
  throw new Error(`${kind} answered ${status} ${problem?.code ?? text}`);
}

const entity = z.object({ id: z.string() });
const attendance = z.object({ event: entity.extend({ conference: entity }), author: entity });

function tellsOfPair({ event, author }: Asked, { body }: Reply<unknown>): boolean {
  const told = attendance.safeParse(body).data;
  return told !== undefined && told.event.id === event && told.author.id === author;
}

/** The client sends a request once, on one connection: where that was refused, not a byte has left. */
function neverSent({ error }: Reply<unknown>): boolean {
  return error !== undefined && 'code' in error && error.code === 'ECONNREFUSED';
}
