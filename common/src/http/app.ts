import type Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { openApi } from '../contract/openapi.ts';
import type { Contract } from '../contract/operation.ts';
import { Problem, type ProblemCode } from '../contract/problems.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Handlers } from './handlers.ts';
import { headers } from './headers.ts';
import { inFlightLimit } from './inFlight.ts';
import { observe } from './observe.ts';
import { renderProblems } from './problems.ts';
import { requestId } from './requestId.ts';
import { allowedMethods, createRouter } from './router.ts';
import { tokenCheck } from './token.ts';

export interface AppOptions<C extends Contract> {
  title: string;
  contract: C;
  handlers: Handlers<C>;
  /** Gives the tokens that internal routes accept at the moment; none if there are no such routes. */
  tokens: () => readonly string[];
  /** The problem that is answered when `maxInFlight` is reached. Both codes are certain. */
  overload: Extract<ProblemCode, 'overloaded' | 'not_executed'>;
  maxInFlight: number;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
}

export interface App {
  koa: Koa;
  router: Router;
}

/** Makes a service's API over HTTP. It neither listens nor reads the environment. */
export function createApp<C extends Contract>(options: AppOptions<C>): App {
  const { title, contract, handlers, tokens, overload, maxInFlight, lifecycle, log, metrics } = options;
  const limit = inFlightLimit({ max: maxInFlight, code: overload, metrics });
  const router = createRouter({ contract, handlers, checkToken: tokenCheck(tokens), limit });
  const document = JSON.stringify(openApi({ title, contract }));
  router.get('/openapi.json', (ctx) => {
    ctx.state.operation = { path: '/openapi.json' };
    ctx.type = 'application/json';
    ctx.body = document;
  });

  const koa = new Koa();
  // an error that reaches Koa itself is that of a connection that broke under its answer
  koa.on('error', (error: unknown) => log.debug({ err: error }, 'connection'));
  koa
    .use(requestId)
    .use(observe({ log, metrics }))
    .use(headers(lifecycle))
    .use(renderProblems)
    .use(requireHost)
    .use(refuseUnknownRoutes(router))
    .use(router.routes());
  return { koa, router };
}

/** Requires a Host header, as HTTP/1.1 does. Node's own refusal would be no problem document. */
async function requireHost(ctx: Context, next: Next): Promise<void> {
  if (ctx.req.httpVersion === '1.1' && !ctx.get('host'))
    throw new Problem('invalid_request', { errors: [{ path: 'headers.host', message: 'is missing' }] });
  await next();
}

function refuseUnknownRoutes(router: Router) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const allowed = allowedMethods(router, ctx.path);
    if (allowed.length === 0) throw new Problem('route_not_found');
    if (!allowed.includes(ctx.method)) {
      ctx.set('Allow', allowed.join(', '));
      throw new Problem('method_not_allowed');
    }
    await next();
  };
}
