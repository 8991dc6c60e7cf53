/*
 * Every call has one of three results: a value, `NotExecuted` or `Unknown`. A failure is made where it happens (at the
 * database driver, or at the HTTP client). It is thrown for a whole batch, and becomes the answer to each item.
 */

/** The options of a failure. */
export interface FailureOptions {
  /** The error of the driver or of the HTTP client. */
  cause?: unknown;
}

/** The failure of a call that certainly changed nothing: it was never sent, or its transaction was rolled back. */
export class NotExecuted extends Error {
  override readonly name = 'NotExecuted';
  readonly outcome = 'not_executed';

  constructor(message: string, { cause }: FailureOptions = {}) {
    super(message, { cause });
  }
}

/** The failure of a call that may have been executed, or may be executed yet. */
export class Unknown extends Error {
  override readonly name = 'Unknown';
  readonly outcome = 'unknown';
  /** Whether a kept-alive connection was reset under the call. Then one repeat, at once, is likely to succeed. */
  readonly wasReset: boolean;

  constructor(message: string, { cause, wasReset = false }: FailureOptions & { wasReset?: boolean } = {}) {
    super(message, { cause });
    this.wasReset = wasReset;
  }
}

/** One of the two ways in which a call can fail. */
export type Failure = NotExecuted | Unknown;

/** The answer to a call: a value or a failure. Both have an `outcome`. */
export type Answer<Value extends { outcome: string }> = Value | Failure;

/**
 * Returns whether an answer is a failure. It checks the `outcome` and not the class, so that it also recognizes the
 * failures of another installed version of this package.
 */
export function isFailure(answer: unknown): answer is Failure {
  if (!(answer instanceof Error) || !('outcome' in answer)) return false;
  return answer.outcome === 'not_executed' || answer.outcome === 'unknown';
}

/** Converts anything that was thrown to a failure. If it is none yet, the outcome is unknown. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  return new Unknown(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Converts the failure of a read to `NotExecuted`, because a read changes nothing even if it is executed. */
export function notRead(failure: Failure): NotExecuted {
  return failure.outcome === 'not_executed' ? failure : new NotExecuted(failure.message, { cause: failure });
}
