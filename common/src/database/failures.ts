import pg from 'pg';
import { Problem } from '../contract/problems.ts';

/** SQLSTATEs (PostgreSQL manual, appendix A); the first two characters are the class. */
export const sqlState = {
  connectionException: '08',
  integrityConstraintViolation: '23',
  serializationFailure: '40001',
  statementCompletionUnknown: '40003',
  deadlockDetected: '40P01',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  insufficientResources: '53',
  systemError: '58',
  internalError: 'XX',
} as const;

/**
 * With these errors, or errors of these classes, PostgreSQL says goodbye, not whether the statement had been committed
 * by then: a disk that fails while the commit is written ends the whole server, and the commit may be found afterwards.
 */
const provesNothing: readonly string[] = [
  sqlState.connectionException,
  sqlState.statementCompletionUnknown,
  sqlState.adminShutdown,
  sqlState.crashShutdown,
  sqlState.insufficientResources,
  sqlState.systemError,
  sqlState.internalError,
];

/** PostgreSQL's answer to the statement, or null where it gave none. */
export function answerOf(error: unknown): pg.DatabaseError | null {
  return error instanceof pg.DatabaseError ? error : null;
}

/** Whether a statement that was sent and failed with this error was certainly rolled back. */
export function provesRollback(error: unknown): boolean {
  const answer = answerOf(error);
  if (!answer?.code) return false;
  // a session or a server that ends with an error of its own may have got as far as its commit; where the server
  // speaks another language this says so in that, and only the code tells
  if (answer.severity === 'FATAL' || answer.severity === 'PANIC') return false;
  return !provesNothing.some((state) => answer.code?.startsWith(state));
}

/** Whether PostgreSQL rolled the statement back for the sake of another one, so that it may be run again. */
export function mayRunAgain(error: unknown): boolean {
  const code = answerOf(error)?.code;
  return code === sqlState.serializationFailure || code === sqlState.deadlockDetected;
}

/** Whether `execute` failed because the statement broke the constraint of this name. */
export function violates(error: unknown, constraint: string): boolean {
  if (!(error instanceof Problem)) return false;
  const answer = answerOf(error.cause);
  return answer?.code?.startsWith(sqlState.integrityConstraintViolation) === true && answer.constraint === constraint;
}
