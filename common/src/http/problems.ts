import { isFailure } from 'many-to-many';
import type { Context, Next } from 'koa';
import { Problem } from '../contract/problems.ts';
import { safeHeaders } from './headers.ts';
import { requestIdHeader } from './requestId.ts';

/** Seconds after which a client may repeat a request that was not executed. */
const retryAfter = '1';

/** Renders a thrown problem as it is, a failure as its problem, and any other error as a 500 without detail. */
export async function renderProblems(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const problem = problemOf(error);
    const { headers, body } = answerTo(problem, ctx.state.requestId as string);
    ctx.state.problem = problem;
    ctx.status = problem.status;
    ctx.set(headers);
    ctx.body = body;
  }
}

/** Gives the answer to a request with a problem, for the paths that Koa does not see too. */
export function answerTo(problem: Problem, requestId: string): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(problem.document(requestId));
  const headers = {
    ...safeHeaders,
    [requestIdHeader]: requestId,
    ...(problem.status === 503 ? { 'Retry-After': retryAfter } : {}),
    ...problem.headers,
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
  };
  return { headers, body };
}

/** The cause goes to the log only; it may name internals. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error as Problem;
  if (!isFailure(error)) return new Problem('internal_error', { cause: error });
  return new Problem(error.outcome === 'not_executed' ? 'not_executed' : 'outcome_unknown', { cause: error });
}
