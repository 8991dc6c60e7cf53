import { z } from 'zod';
import type { Reply } from '../../test/support/client.ts';
import type { Kind, Outcome } from '../../test/support/history.ts';

/** A request for one pair, or for all pairs of one entity. */
interface RequestTarget {
  kind: Kind;
  event?: string;
  author?: string;
  conference?: string;
}

const sides = ['event', 'author', 'conference'] as const;

/**
 * Returns the outcome of an answer for each pair of the request. For a list, only of an answer that is not a page.
 * @throws if the contract has no such answer to the request
 */
export function outcomeOf(target: RequestTarget, reply: Reply<unknown>): Outcome {
  const { kind } = target;
  const { status, problem, text } = reply;
  const isRead = kind === 'read';
  if (status === null) return isRead || wasNotSent(reply) ? 'refused' : 'unknown';
  if (status === 200 && isRead && hasPair(target, reply)) return 'present';
  if ((status === 200 || status === 201) && kind === 'add' && hasPair(target, reply)) return 'done';
  if (status === 204 && (kind === 'remove' || kind === 'delete')) return 'done';
  if (status === 404) {
    const targetSides = sides.filter((side) => target[side] !== undefined);
    if (targetSides.some((side) => problem?.code === `${side}_not_found`)) return 'missing';
    if (targetSides.length === 2 && kind !== 'add' && problem?.code === 'attendance_not_found') return 'absent';
  }
  if (status === 503) return 'refused';
  if (status === 504 && !isRead) return 'unknown';
  throw new Error(`${kind} answered ${status} ${problem?.code ?? text}`);
}

const entity = z.object({ id: z.string() });
const attendance = z.object({ event: entity.extend({ conference: entity }), author: entity });

function hasPair({ event, author }: RequestTarget, { body }: Reply<unknown>): boolean {
  const found = attendance.safeParse(body).data;
  return found !== undefined && found.event.id === event && found.author.id === author;
}

/** A request is sent once, on one connection, so a refused connection proves that it was not sent. */
function wasNotSent({ error }: Reply<unknown>): boolean {
  return error !== undefined && 'code' in error && error.code === 'ECONNREFUSED';
}
