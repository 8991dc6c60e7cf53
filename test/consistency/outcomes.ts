import type { Reply } from '../support/client.ts';
import type { Kind, Outcome } from '../support/history.ts';

const missing = ['event_not_found', 'author_not_found', 'conference_not_found'];

/**
 * What an answer says of each pair it is about.
 * @throws where the contract knows no such answer to such an operation
 */
export function outcomeOf(kind: Kind, reply: Reply<unknown>): Outcome {
  const { status, problem } = reply;
  const reads = kind === 'read';
  if (status === null) return reads || neverSent(reply) ? 'refused' : 'unknown';
  if (status === 200 && reads) return 'present';
  if ((status === 200 || status === 201) && kind === 'add') return 'done';
  if (status === 204 && (kind === 'remove' || kind === 'delete')) return 'done';
  if (status === 404 && problem && missing.includes(problem.code)) return 'missing';
  if (status === 404 && problem?.code === 'attendance_not_found' && (reads || kind === 'remove')) return 'absent';
  if (status === 503) return 'refused';
  if (status === 504 && !reads) return 'unknown';
  throw new Error(`${kind} answered ${status} ${problem?.code ?? ''}`);
}

/** The client sends a request once, on one connection: where that was refused, not a byte has left. */
function neverSent({ error }: Reply<unknown>): boolean {
  return error !== undefined && 'code' in error && error.code === 'ECONNREFUSED';
}
