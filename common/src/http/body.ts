import type { Context } from 'koa';
import getRawBody from 'raw-body';
import { Problem } from '../contract/problems.ts';
import { refusalOf } from './refusals.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's JSON body, at most `limit` bytes of it.
 * @throws {Problem} unsupported_media_type; body_too_large; invalid_request if it is missing or not JSON in UTF-8
 */
export async function readJson(ctx: Context, limit: number): Promise<unknown> {
  const type = ctx.is('application/json');
  if (type === null || ctx.get('content-length') === '0')
    throw new Problem('invalid_request', { errors: [{ path: 'body', message: 'is missing' }] });
  if (!type) throw unsupported('Send JSON with Content-Type: application/json', { Accept: 'application/json' });
  const encoding = ctx.get('content-encoding').toLowerCase();
  if (encoding && encoding !== 'identity')
    throw unsupported('Send the body without Content-Encoding', { 'Accept-Encoding': 'identity' });
  const charset = ctx.request.charset.toLowerCase();
  if (charset && charset !== 'utf-8' && charset !== 'utf8')
    throw unsupported('Send the body in UTF-8', { Accept: 'application/json' });
  return parse(await readBytes(ctx, limit));
}

/** @throws {Problem} invalid_request if the request has a body */
export function refuseBody(ctx: Context): void {
  if (ctx.get('transfer-encoding') || Number(ctx.get('content-length') || 0) > 0)
    throw new Problem('invalid_request', { errors: [{ path: 'body', message: 'the operation takes no body' }] });
}

function unsupported(detail: string, headers: Record<string, string>): Problem {
  return new Problem('unsupported_media_type', { detail, headers });
}

const waitsToContinue = ({ req }: Context) =>
  req.httpVersion === '1.1' && /\b100-continue\b/i.test(req.headers.expect ?? '');

async function readBytes(ctx: Context, limit: number): Promise<Buffer> {
  const length = ctx.get('content-length') || null;
  try {
    // not before: a client that waits for this keeps its body if the head is refused
    if (waitsToContinue(ctx) && Number(length) <= limit) ctx.res.writeContinue();
    return await getRawBody(ctx.req, { length, limit });
  } catch (cause) {
    // the rest is read and dropped, so that the client gets to read its answer
    ctx.req.resume();
    if ((cause as { type?: string }).type === 'entity.too.large')
      throw new Problem('body_too_large', { detail: `The body has more than ${limit} bytes`, cause });
    throw (
      refusalOf(ctx.req.socket) ??
      new Problem('invalid_request', { errors: [{ path: 'body', message: 'did not arrive whole' }], cause })
    );
  }
}

function parse(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new Problem('invalid_request', { errors: [{ path: 'body', message: 'is not UTF-8' }], cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('invalid_request', { errors: [{ path: 'body', message: 'is not JSON' }], cause });
  }
}
