import type { Context, Next } from 'koa';
import type { Operation } from '../contract/operation.ts';
import type { Problem } from '../contract/problems.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';

/** Logs one line for each request, and measures it by its route template. */
export function observe({ log, metrics }: { log: Logger; metrics?: Metrics | undefined }) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const started = performance.now();
    const notes: Record<string, unknown> = {};
    ctx.state.log = log.child({ request_id: ctx.state.requestId as string });
    ctx.state.note = (fields: Record<string, unknown>) => Object.assign(notes, fields);
    await next();
    const ms = performance.now() - started;
    const operation = ctx.state.operation as Operation | undefined;
    const route = operation?.path ?? 'unmatched';
    metrics?.requests.observe({ method: ctx.method, route, status: ctx.status }, ms / 1000);
    const line = {
      method: ctx.method,
      route,
      // as it was sent: a target that has no path is logged too
      path: ctx.originalUrl.replace(/[?#].*/s, '').slice(0, 256),
      status: ctx.status,
      ms: round(ms),
      ...notes,
    };
    const problem = ctx.state.problem as Problem | undefined;
    report(ctx.state.log as Logger, line, { problem, level: operation?.routine ? 'debug' : 'info' });
  };
}

const round = (ms: number) => Math.round(ms * 100) / 100;

interface Reported {
  problem: Problem | undefined;
  /** The level of a request that succeeds. */
  level: 'debug' | 'info';
}

function report(log: Logger, line: object, { problem, level }: Reported): void {
  const fields = problem ? { ...line, code: problem.code, detail: problem.message } : line;
  if (problem?.code === 'internal_error') log.error({ ...fields, err: problem.cause }, 'request');
  else if (problem && problem.status >= 500) log.warn({ ...fields, err: problem.cause }, 'request');
  // counted, and reported at a bounded rate: whoever guesses tokens must not fill the log
  else if (problem?.code === 'too_many_failures') log.debug(fields, 'request');
  else log[problem ? 'info' : level](fields, 'request');
}
