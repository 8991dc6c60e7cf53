import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { v7 } from 'uuid';
import { Problem, type ProblemCode } from '../contract/problems.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Times } from '../times.ts';
import type { App } from './app.ts';
import { safeHeaders } from './headers.ts';
import { requestIdHeader } from './requestId.ts';
import { allowedMethods } from './router.ts';

/** Bytes. Node answers 431 above it. */
const maxHeaderSize = 16 * 1024;

interface ServerOptions {
  times: Times;
  lifecycle: Lifecycle;
  maxConnections: number;
}

/** Makes an HTTP server for the app, with a bound on how long a client may take to send its request. */
export function createHttpServer({ koa, router }: App, options: ServerOptions): Server {
  const { times, lifecycle, maxConnections } = options;
  const handle = koa.callback();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    lifecycle.track(response);
    void handle(request, response);
  };
  const server = createServer(
    {
      maxHeaderSize,
      headersTimeout: times.slowClientMs,
      requestTimeout: times.slowClientMs,
      connectionsCheckingInterval: Math.ceil(times.slowClientMs / 30),
      keepAliveTimeout: times.serverIdleMs,
      requireHostHeader: false,
    },
    answer,
  );
  // an expectation that Node does not know may be ignored
  server.on('checkExpectation', answer);
  server.maxConnections = maxConnections;
  server.on('clientError', (error: ParseError, socket: Socket) => {
    const answering = lifecycle.answeringOn(socket);
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    // a client would take an answer to what follows a request for the answer to that request
    else if (answering.length > 0) void lifecycle.answered(answering).then(() => socket.destroySoon());
    else refuse(error, socket, (path) => allowedMethods(router, path));
  });
  return server;
}

interface ParseError extends Error {
  code?: string;
  rawPacket?: Buffer;
}

/** Answers a request that Node's parser refused, with a problem document like every other answer. */
function refuse(error: ParseError, socket: Socket, allowed: (path: string) => string[]): void {
  const { code, allow } = diagnose(error, allowed);
  const id = v7();
  const problem = new Problem(code);
  const body = JSON.stringify(problem.document(id));
  const head = {
    ...safeHeaders,
    [requestIdHeader]: id,
    ...(allow ? { Allow: allow } : {}),
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}

function diagnose(error: ParseError, allowed: (path: string) => string[]): { code: ProblemCode; allow?: string } {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request_timeout' };
    case 'HPE_HEADER_OVERFLOW':
      return { code: 'headers_too_large' };
    case 'HPE_INVALID_METHOD': {
      // a method that Node does not know is still one that the route does not take
      const path = /^[A-Z-]+ (\/[^ ?]*)\S* HTTP\/1\.[01]\r\n/.exec(error.rawPacket?.toString('latin1') ?? '')?.[1];
      if (path === undefined) return { code: 'invalid_request' };
      const methods = allowed(path);
      return methods.length > 0
        ? { code: 'method_not_allowed', allow: methods.join(', ') }
        : { code: 'route_not_found' };
    }
    default:
      return { code: 'invalid_request' };
  }
}
