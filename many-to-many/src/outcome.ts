/*
 * One algebra for what becomes of a call: a value, `NotExecuted` or `Unknown`. A failure is made where it happens (at
 * the database driver, or at the HTTP client), is thrown through whole batches, and becomes the answer of each item.
 */

/** What a failure may be given besides its message. */
export interface FailureOptions {
  /** The error of the driver or of the HTTP client. */
  cause?: unknown;
}

/** The failure of a call that certainly changed nothing: it was never sent, or it was certainly rolled back. */
export class NotExecuted extends Error {
  override readonly name = 'NotExecuted';
  readonly outcome = 'not_executed';

  constructor(message: string, { cause }: FailureOptions = {}) {
    super(message, { cause });
  }
}

/** The failure of a call of which nobody can tell whether it was, or will be, executed. */
export class Unknown extends Error {
  override readonly name = 'Unknown';
  readonly outcome = 'unknown';
  /** A kept-alive connection was reset under the call, so that it is worth one repeat at once. */
  readonly wasReset: boolean;

  constructor(message: string, { cause, wasReset = false }: FailureOptions & { wasReset?: boolean } = {}) {
    super(message, { cause });
    this.wasReset = wasReset;
  }
}

/** One of the two ways in which a call can fail. */
export type Failure = NotExecuted | Unknown;

/** The answer to a call: a value or a failure. Either says in its `outcome` what happened. */
export type Answer<Value extends { outcome: string }> = Value | Failure;

/**
 * Says whether an answer is a failure. It looks at the `outcome` rather than at the class, so that two installed
 * versions of this package understand each other.
 */
export function isFailure(answer: unknown): answer is Failure {
  if (!(answer instanceof Error) || !('outcome' in answer)) return false;
  return answer.outcome === 'not_executed' || answer.outcome === 'unknown';
}

/** Makes a failure of anything that was thrown. An error that proves nothing leaves the outcome unknown. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  return new Unknown(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Makes the failure of a read certain: a read changes nothing, even if it was executed. */
export function notRead(failure: Failure): NotExecuted {
  return failure.outcome === 'not_executed' ? failure : new NotExecuted(failure.message, { cause: failure });
}
