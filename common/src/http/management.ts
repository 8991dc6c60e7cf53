import { createServer, type Server } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Metrics } from '../runtime/metrics.ts';

interface Management {
  lifecycle: Lifecycle;
  metrics: Metrics;
  /** Rejects while the service's own database does not answer. It never asks another service. */
  checkReady?: () => Promise<void>;
}

/** Makes the server of the second port, for operators: liveness, readiness and metrics. */
export function createManagementServer({ lifecycle, metrics, checkReady }: Management): Server {
  const router = new Router();
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
  const koa = new Koa().use(router.routes()).use(router.allowedMethods());
  const handle = koa.callback();
  return createServer((request, response) => void handle(request, response));
}

async function reasonNotReady(check: (() => Promise<void>) | undefined): Promise<string | undefined> {
  try {
    await check?.();
    return undefined;
  } catch (error) {
    return `database: ${error instanceof Error ? error.message : String(error)}`;
  }
}
