import Router from '@koa/router';
import type { Context } from 'koa';
import { isFailure, notRead } from 'many-to-many';
import type { Answer, Contract, Operation } from '../contract/operation.ts';
import { Problem } from '../contract/problems.ts';
import type { Logger } from '../runtime/logger.ts';
import { readJson, refuseBody } from './body.ts';
import type { HandlerContext, Handlers } from './handlers.ts';
import { validate } from './validate.ts';

/** Bytes. A name of 1,024 characters fits however it is escaped, and so does a batch of a thousand items. */
const maxBody = { public: 32 * 1024, internal: 8 * 1024 * 1024 };

interface Routes<C extends Contract> {
  contract: C;
  handlers: Handlers<C>;
  /** Throws unless the `Authorization` header holds a valid token. */
  checkToken: (authorization: string | undefined) => void;
  /** Throws if too many requests are in flight. */
  limit: <T>(work: () => Promise<T>) => Promise<T>;
  /** Comes before the path of each `Location`. */
  basePath: string;
}

/** Makes the route of each operation: token, validation, handler, answer. */
export function createRouter<C extends Contract>({
  contract,
  handlers,
  checkToken,
  limit,
  basePath,
}: Routes<C>): Router {
  const router = new Router({ sensitive: true });
  for (const [name, operation] of Object.entries(contract)) {
    const handler = handlers[name] as unknown as (
      request: object,
      context: HandlerContext,
    ) => Promise<Answer<Operation>>;
    const handle = operation.method === 'GET' ? certain(handler) : handler;
    router.register(operation.path, [operation.method], async (ctx: Context) => {
      ctx.state.operation = operation;
      // before the body is read: a caller without a token must not make the service work
      if (operation.internal) checkToken(ctx.get('authorization'));
      const body = await readBody(ctx, operation);
      const request = validate(operation, { params: ctx.params as unknown, query: { ...ctx.query }, body });
      // only now: a client that sends slowly must not count as work in flight
      const answer = await limit(() => handle(request, handlerContext(ctx)));
      present(ctx, answer, basePath);
    });
  }
  return router;
}

type Handler = (request: object, context: HandlerContext) => Promise<Answer<Operation>>;

/** Makes the failure of a read certain: a read changes nothing. */
function certain(read: Handler): Handler {
  return (request, context) =>
    read(request, context).catch((error: unknown) => {
      throw isFailure(error) ? notRead(error) : error;
    });
}

async function readBody(ctx: Context, operation: Operation): Promise<unknown> {
  if (operation.body) return readJson(ctx, operation.internal ? maxBody.internal : maxBody.public);
  refuseBody(ctx);
  return null;
}

function handlerContext(ctx: Context): HandlerContext {
  return {
    requestId: ctx.state.requestId as string,
    log: ctx.state.log as Logger,
    note: ctx.state.note as HandlerContext['note'],
  };
}

function present(ctx: Context, answer: Answer<Operation>, basePath: string): void {
  if (answer instanceof Problem) throw answer;
  const { status, body, location } = answer as { status: number; body?: unknown; location?: string };
  ctx.status = status;
  if (location) ctx.set('Location', basePath + location);
  if (body !== undefined) ctx.body = body;
}
