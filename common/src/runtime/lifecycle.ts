import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Times } from '../times.ts';
import type { Logger } from './logger.ts';
import { exitOnSignal } from './main.ts';

/** Knows whether the process has been told to stop, and which requests it is answering. */
export class Lifecycle {
  draining = false;
  readonly #answering = new Set<ServerResponse>();

  /** Registers a request as being answered, until its response ends or its client is gone. */
  track(response: ServerResponse): void {
    this.#answering.add(response);
    response.once('close', () => this.#answering.delete(response));
  }

  /** Gives the responses to requests of this connection that were read in full and are being answered. */
  answeringOn(socket: Socket): ServerResponse[] {
    return [...this.#answering].filter(({ req }) => req.socket === socket && req.complete);
  }

  /** Resolves when these responses have ended; all of them unless given. */
  async answered(responses: Iterable<ServerResponse> = this.#answering): Promise<void> {
    for (const response of responses) if (!response.closed) await once(response, 'close');
  }
}

interface Running {
  lifecycle: Lifecycle;
  server: Server;
  managementServer: Server;
  times: Times;
  log: Logger;
  /** Whether to keep serving until load balancers have noticed. */
  drain: boolean;
  /** Waits for background work, then closes pools. */
  close: () => Promise<void>;
}

/**
 * Stops the process in order on SIGTERM or SIGINT: readiness fails, requests are served until load balancers have
 * noticed, the server closes, requests in flight finish, pools close, exit 0. A hard deadline ends it otherwise.
 */
export function stopOnSignal(running: Running): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    const deadline = setTimeout(() => {
      running.log.fatal('could not stop in time');
      process.exit(1);
    }, hardDeadline(running.times));
    deadline.unref();
    running.log.info({ signal }, 'stopping');
    stop(running).then(
      () => running.log.info('stopped'),
      (error: unknown) => {
        running.log.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, onSignal).off(signal, exitOnSignal);
}

/** The longest that an orderly stop may take, in milliseconds. A pod's grace period must be longer. */
export function hardDeadline(times: Times): number {
  return times.drainMs + times.requestMs + 2 * times.callMs;
}

async function stop({ lifecycle, server, managementServer, times, drain, close }: Running): Promise<void> {
  lifecycle.draining = true;
  if (drain) await sleep(times.drainMs);
  await closeServer(server, Promise.race([lifecycle.answered(), sleep(times.requestMs, undefined, { ref: false })]));
  await close();
  await closeServer(managementServer, Promise.resolve());
}

/** Stops listening. Cuts the connections that have no complete request when the others are `answered`. */
async function closeServer(server: Server, answered: Promise<void>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await answered;
  server.closeAllConnections();
  await closed;
}
