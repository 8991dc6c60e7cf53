import type { Socket } from 'node:net';
import type { Context, Next } from 'koa';

/**
 * Closes a connection with the answer to the first request after it has reached its age, so that a client that keeps its
 * connections spreads over the replicas that were started later. The age lies between half of `maxAgeMs` and `maxAgeMs`,
 * at random, so that connections that were opened together are not closed together.
 */
export function closeOldConnections({ maxAgeMs }: { maxAgeMs: number }) {
  const closeAt = new WeakMap<Socket, number>();
  return async ({ req, res }: Pick<Context, 'req' | 'res'>, next: Next): Promise<void> => {
    const now = performance.now();
    const at = closeAt.get(req.socket);
    if (at === undefined) closeAt.set(req.socket, now + (maxAgeMs * (1 + Math.random())) / 2);
    else if (now >= at) res.setHeader('Connection', 'close');
    await next();
  };
}
