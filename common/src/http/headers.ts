import type { Context, Next } from 'koa';
import type { Lifecycle } from '../runtime/lifecycle.ts';

/** On every answer: its type must not be guessed, and nothing in it may be run, framed or loaded. */
export const safeHeaders = {
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
