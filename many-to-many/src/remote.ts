import { z } from 'zod';
import { outcomesOf, type Batches, type Operations } from './operation.ts';
import { copyOperations, type Copy } from './operations.ts';
import { NotExecuted, Unknown } from './outcome.ts';
import type { Side } from './relation.ts';
import { createTimes } from './times.ts';

/**
 * Sends the body of one operation to an owner service. It resolves to the status and the parsed JSON of the answer. It
 * rejects with `NotExecuted` if the request was certainly not sent, and with `Unknown` if it may have been executed.
 */
export type Call = (
  operation: string,
  body: { items: { request_ids: string[] }[] },
) => Promise<{ status: number; body: unknown }>;

/** Makes a side's copy from a function that calls its owner service, which must answer as `serveCopy` does. */
export function remoteCopy<Entity>(side: Side<Entity>, call: Call): Copy<Entity> {
  return remoteOperations(copyOperations(side), call);
}

/** Makes the functions of a table of operations, as `remoteCopy` does for the operations of a copy. */
export function remoteOperations<Table extends Operations>(operations: Table, call: Call): Batches<Table> {
  const batches = Object.entries(operations).map(([name, operation]) => {
    const answer = outcomesOf(operation);
    const send = async (items: { request_ids: string[] }[]) => {
      const { status, body } = await call(name, { items });
      if (status === 200) return readOutcomes(answer, body);
      const message = `${name} was answered ${status}`;
      throw status === 503 && isNotExecuted(body) ? new NotExecuted(message) : new Unknown(message);
    };
    return [name, send];
  });
  return Object.fromEntries(batches) as Batches<Table>;
}

function readOutcomes(schema: ReturnType<typeof outcomesOf>, body: unknown): unknown[] {
  const { success, data, error } = schema.safeParse(body);
  if (!success) throw new Unknown('the answer is not as declared', { cause: error });
  return data.outcomes;
}

/** Only the owner service itself sends a body with this code. A bare 503 of a proxy proves nothing. */
const problem = z.object({ code: z.literal('not_executed') });
const isNotExecuted = (body: unknown) => problem.safeParse(body).success;

/** System calls that make a connection. If one fails, whatever the reason, nothing was written to it. */
const connecting = ['getaddrinfo', 'connect'];

/** Error codes of a connection that ended during the call. A kept-alive connection does when its server restarts. */
const connectionReset = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** The options of calls to an owner service. */
export interface FetchOptions {
  /** Headers of each call, such as a token that identifies the gateway. */
  headers?: Record<string, string>;
  /** The timeout of a call; `callMs` of `createTimes()` unless given. */
  timeoutMs?: number;
}

/**
 * Makes a function that calls an owner service with `fetch`: `POST <url>/<operation>`. The service's route must pass the
 * operation and the body to the `handle` of `serveCopy`, and send the result.
 */
export function overFetch(url: string, options: FetchOptions = {}): Call {
  const { headers = {}, timeoutMs = createTimes().callMs } = options;
  return async (operation, body) => {
    try {
      const response = await fetch(`${url}/${operation}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      const message = `${operation} at ${url} failed: ${reasonOf(cause)}`;
      const code = codeOf(cause);
      const wasNotSent = code === 'UND_ERR_CONNECT_TIMEOUT' || connecting.includes(syscallOf(cause));
      if (wasNotSent) throw new NotExecuted(message, { cause });
      throw new Unknown(message, { cause, wasReset: connectionReset.includes(code) });
    }
  };
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? [error.message, codeOf(error)].filter(Boolean).join(' ') : String(error);

const codeOf = (error: unknown) => fieldOf(error, 'code');
const syscallOf = (error: unknown) => fieldOf(error, 'syscall');

/** Returns a field of the error that caused fetch's own. If there were several attempts to connect, of the first. */
function fieldOf(error: unknown, name: 'code' | 'syscall'): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const fields = (first ?? {}) as Partial<Record<typeof name, unknown>>;
  return typeof fields[name] === 'string' ? fields[name] : '';
}
