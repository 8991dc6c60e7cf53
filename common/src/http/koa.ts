import type Router from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { Problem } from '../contract/problems.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import { allowedMethods } from './allowedMethods.ts';
import { closeOldConnections } from './connectionAge.ts';
import { requireValidHead } from './head.ts';
import { headers } from './headers.ts';
import { onUnrendered } from './lastResort.ts';
import { observe } from './observe.ts';
import { renderProblems } from './problems.ts';
import { requestId } from './requestId.ts';

export interface KoaOptions {
  times: Times;
  lifecycle: Lifecycle;
  log: Logger;
  /** Measures requests; none on the management port, which would count its failing readiness as errors of the service. */
  metrics?: Metrics | undefined;
}

/** Makes the policy of a port: what every request to it goes through, whatever its route. */
export function createKoa(router: Router, { times, lifecycle, log, metrics }: KoaOptions): Koa {
  const koa = new Koa();
  koa.context.onerror = onUnrendered(log);
  koa
    .use(requestId)
    .use(observe({ log, metrics }))
    .use(headers(lifecycle))
    .use(closeOldConnections({ maxAgeMs: times.connectionAgeMs }))
    .use(renderProblems)
    .use(requireValidHead)
    .use(refuseUnknownRoutes(router))
    .use(router.routes());
  return koa;
}

function refuseUnknownRoutes(router: Router) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const allowed = allowedMethods(router, ctx.path);
    if (allowed.length === 0) throw new Problem('route_not_found');
    if (!allowed.includes(ctx.method))
      throw new Problem('method_not_allowed', { headers: { Allow: allowed.join(', ') } });
    await next();
  };
}
