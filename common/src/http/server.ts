import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { App } from './app.ts';
import { refuseOutsideApp, type ServerOptions } from './refusals.ts';

/** Bytes of a request's head. */
const maxHeaderSize = 16 * 1024;

/** Makes an HTTP server for the app, with a bound on how long a client may take to send its request. */
export function createHttpServer({ koa, router }: App, options: ServerOptions): Server {
  const { times, lifecycle, maxConnections } = options;
  const handle = koa.callback();
  const server = createServer({
    maxHeaderSize,
    headersTimeout: times.slowClientMs,
    requestTimeout: times.slowClientMs,
    connectionsCheckingInterval: Math.ceil(times.slowClientMs / 30),
    keepAliveTimeout: times.serverIdleMs,
    // Node's own refusal would be no problem document: `head.ts` requires it
    requireHostHeader: false,
  });
  // `head.ts` counts the fields: at its own bound, Node 20 drops further ones and Node 22 ends the connection
  server.maxHeadersCount = 0;
  // for a client that does not read its answer; a slow request is answered 408 before
  server.timeout = 2 * times.slowClientMs;
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  const track = refuseOutsideApp(server, router, options);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    lifecycle.track(response);
    track(response);
    void handle(request, response);
  };
  // `body.ts` answers `Expect: 100-continue` when it reads the body; any other expectation may be ignored
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, answer);
  return server;
}
