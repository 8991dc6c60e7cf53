import type { Context, Next } from 'koa';
import type { Lifecycle } from '../runtime/lifecycle.ts';

/**
 * On every answer: its type must not be guessed, nothing in it may be run, framed or loaded, and no cache may keep it,
 * because a read that follows a change shows the change.
 */
export const safeHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Sets the headers that every answer carries. While the service drains, it tells clients to connect anew. */
export function headers(lifecycle: Lifecycle) {
  return async (ctx: Context, next: Next): Promise<void> => {
    ctx.set(safeHeaders);
    await next();
    if (lifecycle.draining) ctx.set('Connection', 'close');
  };
}
