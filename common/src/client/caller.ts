import { Agent } from 'node:http';
import got, { RequestError, TimeoutError } from 'got';
import { NotExecuted, Unknown, type Failure } from 'many-to-many';
import { requestIdHeader } from '../http/requestId.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';

export interface CallerOptions {
  /** The service's name in errors and metrics. */
  service: string;
  baseUrl: string;
  /** Gives the service token, for internal routes. */
  token?: () => string;
  /** Whether to keep idle connections for further calls; unless given, it does. */
  keepAlive?: boolean;
  times: Times;
  metrics: Metrics;
}

export interface Request {
  /** The operation's name in metrics. */
  operation: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  requestId: string;
}

export interface Response {
  status: number;
  location: string | undefined;
  text: string;
}

/**
 * Sends one request to another service, and returns what `read` makes of the response.
 * @throws {NotExecuted} if it was certainly not sent; {Unknown} if there was no response, or `read` throws anything
 *   but a failure
 */
export type Caller = <Result>(request: Request, read: (response: Response) => Result) => Promise<Result>;

export function createCaller({ service, baseUrl, token, keepAlive = true, times, metrics }: CallerOptions): Caller {
  const http = got.extend({
    prefixUrl: baseUrl,
    // shorter than the server keeps idle connections, so that no request is sent on one that is closing
    agent: { http: new Agent({ keepAlive, timeout: times.clientIdleMs }) },
    timeout: { connect: times.waitMs, request: times.callMs },
    // the protocol decides whether to repeat a call
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    decompress: false,
  });

  return async ({ operation, method, path, query = {}, json, requestId }, read) => {
    const stop = metrics.downstream.startTimer({ downstream: service, operation });
    try {
      const { statusCode, headers, body } = await http(path.slice(1), {
        method,
        searchParams: query,
        headers: { [requestIdHeader]: requestId, ...(token && { authorization: `Bearer ${token()}` }) },
        ...(json === undefined ? {} : { json }),
      });
      const result = read({ status: statusCode, location: headers.location, text: body });
      stop({ outcome: statusCode });
      return result;
    } catch (cause) {
      const failure = failureOf(cause, `${service}: ${method} ${path}`);
      stop({ outcome: failure.outcome });
      throw failure;
    }
  };
}

/** System calls that make a connection. If one fails, whatever the reason, nothing can have been written to it. */
const connecting = new Set(['getaddrinfo', 'connect']);

/** Phases of a call before its request is written. */
const beforeWriting = new Set(['lookup', 'connect', 'secureConnect']);

/** Makes the failure that an error proves. Its message names the call. */
function failureOf(cause: unknown, call: string): Failure {
  const message = `${call}: ${cause instanceof Error ? cause.message : String(cause)}`;
  if (cause instanceof NotExecuted || wasNotSent(cause)) return new NotExecuted(message, { cause });
  return new Unknown(message, { cause, wasReset: wasReset(cause) });
}

function wasNotSent(error: unknown): boolean {
  if (error instanceof TimeoutError) return beforeWriting.has(error.event);
  if (!(error instanceof RequestError)) return false;
  return connecting.has(syscallOf(error.cause) ?? '');
}

/** Whether a kept-alive connection broke under the request. */
function wasReset(error: unknown): boolean {
  if (!(error instanceof RequestError) || error instanceof TimeoutError) return false;
  return (error.code === 'ECONNRESET' || error.code === 'EPIPE') && error.request?.reusedSocket === true;
}

/** The system call that failed; of several attempts to connect, the first one's. */
function syscallOf(cause: unknown): string | undefined {
  const origin: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return (origin as NodeJS.ErrnoException | undefined)?.syscall;
}
