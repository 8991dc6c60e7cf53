import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type Router from '@koa/router';
import { v7 } from 'uuid';
import { Problem } from '../contract/problems.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import { allowedMethods } from './allowedMethods.ts';
import { boundedReport } from './boundedReport.ts';
import { diagnose, type ParseError } from './diagnose.ts';
import { answerTo } from './problems.ts';
import { requestIdHeader } from './requestId.ts';

export interface ServerOptions {
  times: Times;
  lifecycle: Lifecycle;
  log: Logger;
  metrics: Metrics;
  maxConnections?: number;
}

const refusals = new WeakMap<Socket, Problem>();

/** Gives the problem that was answered on a connection from outside the app, if any. */
export const refusalOf = (socket: Socket): Problem | undefined => refusals.get(socket);

/**
 * Refuses what never reaches the app, with a problem document and a log line like every other request: what is no HTTP,
 * what arrives too slowly, and CONNECT. Counts connections that Node refuses because there are too many.
 * @returns a function that has to be given each response when its request reaches the app
 */
export function refuseOutsideApp(server: Server, router: Router, options: ServerOptions) {
  const { lifecycle, log, metrics, times, maxConnections } = options;
  const newest = new WeakMap<Socket, ServerResponse>();
  const allowed = (path: string) => allowedMethods(router, path).join(', ');

  server.on('clientError', (error: ParseError, socket: Socket) => {
    // the parser fails again for each further piece of what was refused
    if (refusals.has(socket)) return;
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else refuse(socket, diagnose(error, allowed));
  });
  // without a listener Node closes the connection
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy()).resume();
    refuse(socket, new Problem('method_not_allowed', { headers: { Allow: allowed('*') } }));
  });

  function refuse(socket: Socket, problem: Problem): void {
    refusals.set(socket, problem);
    metrics.refused.inc({ reason: problem.code });
    const last = newest.get(socket);
    const broken = last?.req.complete === false ? last : undefined;
    // the app waits for this body, and logs its request
    if (broken && !broken.writableEnded) {
      write(socket, problem, String(broken.getHeader(requestIdHeader)));
      return;
    }
    const request_id = v7();
    const { code, status, cause } = problem;
    log.info({ request_id, route: 'unmatched', status, code, cause: messageOf(cause) }, 'request');
    const answering = lifecycle.answeringOn(socket);
    // a client would take an answer to what follows a request for the answer to that request
    if (answering.length > 0) void lifecycle.answered(answering).then(() => socket.destroySoon());
    else if (broken) socket.destroySoon();
    else write(socket, problem, request_id);
  }

  /** Answers and closes. What the client still sends is read for a while: a reset would take the answer from it. */
  function write(socket: Socket, problem: Problem, requestId: string): void {
    const { headers, body } = answerTo(problem, requestId);
    const head = { ...headers, Date: new Date().toUTCString(), Connection: 'close' };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
    const linger = setTimeout(() => socket.destroy(), times.callMs).unref();
    socket.once('close', () => clearTimeout(linger));
  }

  const reportDrop = boundedReport((refused) =>
    log.warn({ refused, max_connections: maxConnections }, 'too many connections'),
  );
  server.on('drop', () => {
    metrics.refused.inc({ reason: 'connection_limit' });
    reportDrop();
  });

  return (response: ServerResponse): void => void newest.set(response.req.socket, response);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : undefined);
