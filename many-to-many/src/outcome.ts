/*
 * One algebra for what becomes of a call: a value, `NotExecuted` or `Unknown`. A failure is made where it happens (at
 * the database driver, or at the HTTP client), is thrown through whole batches, and becomes the answer of each item.
 */

interface FailureOptions {
  cause?: unknown;
}

/** The call certainly changed nothing: it was never sent, or the other side proved that it was rolled back. */
export class NotExecuted extends Error {
  override readonly name = 'NotExecuted';
  readonly outcome = 'not_executed';

  constructor(message: string, { cause }: FailureOptions = {}) {
    super(message, { cause });
  }
}

/** Nobody can tell whether the call was executed. */
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

export type Failure = NotExecuted | Unknown;

/** What a call is answered with: a value that says what happened in its `outcome`, or a failure that does. */
export type Answer<Value extends { outcome: string }> = Value | Failure;

/** Tells failures from values by their `outcome`, so that two installed versions of this package understand each other. */
export function isFailure(answer: unknown): answer is Failure {
  if (!(answer instanceof Error) || !('outcome' in answer)) return false;
  return answer.outcome === 'not_executed' || answer.outcome === 'unknown';
}

/** Makes a failure of anything thrown. An error that proves nothing leaves the outcome unknown. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  return new Unknown(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Makes the failure of a read certain: a read changes nothing, whatever became of it. */
export function notRead(failure: Failure): NotExecuted {
  return failure.outcome === 'not_executed' ? failure : new NotExecuted(failure.message, { cause: failure });
}
