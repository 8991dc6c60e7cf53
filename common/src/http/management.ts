import Router from '@koa/router';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import type { App } from './app.ts';
import { createKoa } from './koa.ts';

interface Management {
  times: Times;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
  /**
   * Rejects while the service cannot work: its own database does not answer, or an owner service and the gateway do not
   * agree. That another service does not answer is no reason.
   */
  checkReady: () => Promise<void>;
}

/** Makes what the second port serves to operators: liveness, readiness and metrics. */
export function createManagement({ times, lifecycle, log, metrics, checkReady }: Management): App {
  const router = new Router();
  router.use((ctx, next) => {
    ctx.state.operation = { path: ctx.path, routine: true };
    return next();
  });
  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'alive' };
  });
  router.get('/readyz', async (ctx) => {
    const reason = lifecycle.draining ? 'draining' : await reasonNotReady(checkReady);
    ctx.status = reason ? 503 : 200;
    ctx.body = reason ? { status: 'not ready', reason } : { status: 'ready' };
  });
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.registry.contentType;
    ctx.body = await metrics.registry.metrics();
  });
  return { koa: createKoa(router, { times, lifecycle, log }), router };
}

async function reasonNotReady(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
