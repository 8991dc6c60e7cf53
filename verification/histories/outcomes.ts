import { z } from 'zod';
import type { Reply } from '../../test/support/client.ts';
import type { Kind, Outcome } from '../../test/support/history.ts';

/** The ids in a request: both of a pair, or one whose pairs are all covered. */
export interface Asked {
  kind: Kind;
  event?: string;
  author?: string;
  conference?: string;
}

const sides = ['event', 'author', 'conference'] as const;

/**
 * Gives the outcome of an answer for each pair that the request covers; of a list, of an answer that is not a page.
 * @throws if the contract has no such answer to such a request
 */
export function outcomeOf(asked: Asked, reply: Reply<unknown>): Outcome {
  const { kind } = asked;
  const { status, problem, text } = reply;
  const reads = kind === 'read';
  if (status === null) return reads || neverSent(reply) ? 'refused' : 'unknown';
  if (status === 200 && reads && hasPair(asked, reply)) return 'present';
  if ((status === 200 || status === 201) && kind === 'add' && hasPair(asked, reply)) return 'done';
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

function hasPair({ event, author }: Asked, { body }: Reply<unknown>): boolean {
  const found = attendance.safeParse(body).data;
  return found !== undefined && found.event.id === event && found.author.id === author;
}

/** The client sends a request once, on one connection. If the connection was refused, nothing was sent. */
function neverSent({ error }: Reply<unknown>): boolean {
  return error !== undefined && 'code' in error && error.code === 'ECONNREFUSED';
}
