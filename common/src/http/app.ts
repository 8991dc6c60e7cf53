import type Router from '@koa/router';
import type Koa from 'koa';
import { openApi } from '../contract/openapi.ts';
import type { Contract } from '../contract/operation.ts';
import type { ProblemCode } from '../contract/problems.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import type { Handlers } from './handlers.ts';
import { inFlightLimit } from './inFlight.ts';
import { createKoa } from './koa.ts';
import { createRouter } from './router.ts';
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
  times: Times;
  /** The prefix that a proxy strips from every path, such as `/api`. */
  basePath?: string | undefined;
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
  const { title, contract, handlers, tokens, overload, maxInFlight, basePath = '', log, metrics } = options;
  const limit = inFlightLimit({ max: maxInFlight, code: overload, metrics });
  const router = createRouter({
    contract,
    handlers,
    checkToken: tokenCheck({ tokens, log, metrics }),
    limit,
    basePath,
  });
  const document = JSON.stringify(openApi({ title, contract, basePath }));
  router.get('/openapi.json', (ctx) => {
    ctx.state.operation = { path: '/openapi.json' };
    ctx.type = 'application/json';
    ctx.body = document;
  });
  return { koa: createKoa(router, options), router };
}
