import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import { page, script, style } from './docsPage.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page needs what every other answer forbids: its own script and style, and calls to this gateway. */
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves `GET /docs`: a page to read and try the API. */
export function serveDocs(router: Router): void {
  router.get('/docs', (ctx) => {
    ctx.state.operation = { path: '/docs' };
    ctx.set('Content-Security-Policy', policy);
    ctx.type = 'text/html';
    ctx.body = page;
  });
}
