import type { Context, Next } from 'koa';
import { Problem } from '../contract/problems.ts';

/** Seconds after which it makes sense to try again what was refused for now. */
const retryAfter = '1';

/** Renders whatever was thrown: a problem as it is, all else as a 500 that says nothing and is logged whole. */
export async function renderProblems(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem('internal_error', { cause: error });
    ctx.state.problem = problem;
    ctx.status = problem.status;
    if (problem.status === 503) ctx.set('Retry-After', retryAfter);
    if (problem.code === 'unauthorized') ctx.set('WWW-Authenticate', 'Bearer');
    ctx.type = 'application/problem+json';
    ctx.body = JSON.stringify(problem.document(ctx.state.requestId as string));
  }
}
