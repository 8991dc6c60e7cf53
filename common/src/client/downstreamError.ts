import { RequestError, TimeoutError } from 'got';

/** What a failed call proves: `not_sent`, it was never written; `reset`, a kept-alive socket broke; else nothing. */
export type FailureKind = 'not_sent' | 'reset' | 'unknown';

/** A call to another service that got no usable answer; `cause` is what stopped it. */
export class DownstreamError extends Error {
  override name = 'DownstreamError';
  readonly kind: FailureKind;

  constructor(call: { service: string; method: string; path: string }, kind: FailureKind, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${call.service}: ${call.method} ${call.path}: ${reason}`, { cause });
    this.kind = kind;
  }
}

/** Error codes of a connection that was never made, so that nothing can have been written to it. */
const neverConnected = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Phases of a call before its request is written. */
const beforeWriting = new Set(['lookup', 'connect', 'secureConnect']);

const connecting = new Set(['getaddrinfo', 'connect']);

/** The system call that failed; of several attempts to connect, the first one's. */
function syscallOf(cause: unknown): string | undefined {
  const origin: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return (origin as NodeJS.ErrnoException | undefined)?.syscall;
}

export function kindOf(error: unknown): FailureKind {
  if (!(error instanceof RequestError)) return 'unknown';
  if (error instanceof TimeoutError) return beforeWriting.has(error.event) ? 'not_sent' : 'unknown';
  if (neverConnected.has(error.code) && connecting.has(syscallOf(error.cause) ?? '')) return 'not_sent';
  if ((error.code === 'ECONNRESET' || error.code === 'EPIPE') && error.request?.reusedSocket) return 'reset';
  return 'unknown';
}
