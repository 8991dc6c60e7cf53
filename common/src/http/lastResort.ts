import type { Context } from 'koa';
import { v7 } from 'uuid';
import { Problem } from '../contract/problems.ts';
import type { Logger } from '../runtime/logger.ts';
import { answerTo } from './problems.ts';

/**
 * Makes Koa's error handler. It gets what `renderProblems` could not: errors of the middleware around it, of the answer
 * itself, and of connections. Koa's own one answers in plain text, and logs nothing that finds the request.
 */
export function onUnrendered(log: Logger) {
  return function (this: Context, error: unknown): void {
    // Koa calls it at the end of every answer, usually without an error
    if (error === null || error === undefined) return;
    const { res } = this;
    const request_id = (this.state.requestId as string | undefined) ?? v7();
    if (res.headersSent || !this.writable) {
      log.debug({ request_id, err: error }, 'connection');
      return;
    }
    log.error({ request_id, method: this.method, err: error }, 'request');
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    const problem = new Problem('internal_error');
    const { headers, body } = answerTo(problem, request_id);
    res.writeHead(problem.status, headers).end(body);
  };
}
