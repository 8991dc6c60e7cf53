/** SQLSTATEs (PostgreSQL manual, appendix A). The first two characters are the class. */
const sqlState = {
  warning: '01000',
  connectionException: '08',
  readOnlyTransaction: '25006',
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
 * Errors and classes of errors after which PostgreSQL may have committed the statement: if the disk fails while the
 * commit is written, the whole server ends, and the commit may be found afterwards.
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

/** PostgreSQL's answer to a statement that failed. */
interface DatabaseError {
  code: string;
  severity: string;
}

/** Recognizes PostgreSQL's answer by its fields, whichever driver passed it on. Errors of a socket have no severity. */
function isDatabaseError(error: unknown): error is DatabaseError {
  if (!(error instanceof Error)) return false;
  return 'code' in error && typeof error.code === 'string' && 'severity' in error && typeof error.severity === 'string';
}

/** Whether a statement that was sent and failed with this error was certainly rolled back. */
export function provesRollback(error: unknown): boolean {
  if (!isDatabaseError(error)) return false;
  // a session or server that ends with an error may have reached its commit; a server that speaks another
  // language names its severities in that, so that only the code tells
  if (error.severity === 'FATAL' || error.severity === 'PANIC') return false;
  return !provesNothing.some((state) => error.code.startsWith(state));
}

/** Whether PostgreSQL rolled the statement back for the sake of another one, so that it may be run again. */
export function mayRunAgain(error: unknown): boolean {
  if (!isDatabaseError(error)) return false;
  return error.code === sqlState.serializationFailure || error.code === sqlState.deadlockDetected;
}

/** Whether a statement was refused because the session cannot write: its server is a standby, or was made read-only. */
export function isReadOnly(error: unknown): boolean {
  return isDatabaseError(error) && error.code === sqlState.readOnlyTransaction;
}

/**
 * Whether PostgreSQL warns that a commit did not wait for its synchronous standby, because somebody cancelled the wait.
 * The statement succeeds, and a failover may lose it. The warning has no SQLSTATE of its own, and its text is translated.
 */
export function isUnreplicated(notice: unknown): boolean {
  const { code, routine } = notice as { code?: unknown; routine?: unknown };
  return code === sqlState.warning && routine === 'SyncRepWaitForLSN';
}
