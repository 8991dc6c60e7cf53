import type { Context, Next } from 'koa';
import { Problem } from '../contract/problems.ts';
import { isAuthority, originForm } from './target.ts';

/** Fields that a request may have in its head. Few have more than thirty, proxies' included. */
const maxFields = 100;

/** Fields of which Node keeps the first only, where a proxy may go by another one. */
const singletons = ['host', 'content-type', 'authorization'];

/**
 * Refuses a head that Node's parser accepts and RFC 9110 or RFC 9112 does not, and brings the target into origin-form.
 * docs/http.md lists what is refused.
 */
export async function requireValidHead(ctx: Context, next: Next): Promise<void> {
  const { req } = ctx;
  if (req.rawHeaders.length > 2 * maxFields)
    throw new Problem('headers_too_large', { detail: `The head has more than ${maxFields} fields` });
  if (req.httpVersion !== '1.1' && req.httpVersion !== '1.0') throw invalid('version', 'must be HTTP/1.1 or HTTP/1.0');
  req.url = originForm(ctx.method, req.url ?? '');
  for (const name of singletons)
    if (linesOf(ctx, name) > 1) throw invalid(`headers.${name}`, 'must not be sent more than once');
  requireHost(ctx);
  requirePlainFraming(ctx);
  // no answer has an entity tag, so none can match
  if (ctx.get('if-match') && ctx.get('if-match') !== '*') throw new Problem('precondition_failed');
  await next();
}

function requireHost(ctx: Context): void {
  const host = ctx.req.headers.host;
  if (!host && (host === '' || ctx.req.httpVersion === '1.1')) throw invalid('headers.host', 'is missing');
  if (host && !isAuthority(host)) throw invalid('headers.host', 'must be a host, and a port if it is not the default');
}

/** Two servers that disagree on where a request ends let a client smuggle one past the first of them. */
function requirePlainFraming(ctx: Context): void {
  const coding = ctx.get('transfer-encoding');
  if (coding && (ctx.req.httpVersion === '1.0' || coding.toLowerCase() !== 'chunked'))
    throw invalid('headers.transfer-encoding', 'must be chunked, and needs HTTP/1.1', { Connection: 'close' });
}

function linesOf({ req: { rawHeaders } }: Context, name: string): number {
  return rawHeaders.filter((field, i) => i % 2 === 0 && field.toLowerCase() === name).length;
}

function invalid(path: string, message: string, headers: Record<string, string> = {}): Problem {
  return new Problem('invalid_request', { errors: [{ path, message }], headers });
}
