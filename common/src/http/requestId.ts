import type { Context, Next } from 'koa';
import { v7 } from 'uuid';
import { requestIdPattern } from 'many-to-many';

export const requestIdHeader = 'x-request-id';

/** Keeps the client's request id if it is well formed, else makes one. Every response carries it. */
export async function requestId(ctx: Context, next: Next): Promise<void> {
  const given = ctx.get(requestIdHeader);
  const id = requestIdPattern.test(given) ? given : v7();
  ctx.state.requestId = id;
  ctx.set(requestIdHeader, id);
  await next();
}
