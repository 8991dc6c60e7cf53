import type { Batches, Operations } from 'many-to-many';
import type { InternalContract } from '../contract/internal.ts';
import type { HandlerContext, Handlers } from './handlers.ts';

interface Request {
  body: { items: { request_ids: string[] }[] };
}

/** Makes the handlers of an owner service's internal routes of the functions behind its wire operations. */
export function internalHandlers<Table extends Operations>(batches: Batches<Table>): Handlers<InternalContract<Table>> {
  const handlers = Object.entries(batches).map(([name, batch]) => {
    const run = batch as (items: unknown[]) => Promise<{ outcome: string }[]>;
    const handle = async ({ body: { items } }: Request, context: HandlerContext) => {
      const outcomes = await run(items);
      // so that the id of a client's request finds its outcome in this service's log
      context.note({ items: items.map(({ request_ids }, i) => ({ request_ids, outcome: outcomes[i]?.outcome })) });
      return { status: 200, body: { outcomes } };
    };
    return [name, handle];
  });
  return Object.fromEntries(handlers) as Handlers<InternalContract<Table>>;
}
