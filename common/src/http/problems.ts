import { isFailure } from 'many-to-many';
import type { Context, Next } from 'koa';
import { Problem } from '../contract/problems.ts';

/** Seconds after which a client may repeat a request that was not executed. */
const retryAfter = '1';

/** Renders a thrown problem as it is, a failure as its problem, and any other error as a 500 without detail. */
export async function renderProblems(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const problem = problemOf(error);
    ctx.state.problem = problem;
    ctx.status = problem.status;
    if (problem.status === 503) ctx.set('Retry-After', retryAfter);
    if (problem.code === 'unauthorized') ctx.set('WWW-Authenticate', 'Bearer');
    ctx.type = 'application/problem+json';
    ctx.body = JSON.stringify(problem.document(ctx.state.requestId as string));
  }
}

/** The cause goes to the log only; it may name internals. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error as Problem;
  if (!isFailure(error)) return new Problem('internal_error', { cause: error });
  return new Problem(error.outcome === 'not_executed' ? 'not_executed' : 'outcome_unknown', { cause: error });
}
