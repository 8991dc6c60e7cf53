import type { Client } from '@attendance/common/client/client';
import type { Contract } from '@attendance/common/contract/operation';
import type { HandlerContext, Handlers } from '@attendance/common/http/handlers';
import { isFailure } from 'many-to-many';

type Call = (request: object, options: { requestId: string }) => Promise<unknown>;

/** Passes each operation on entities to the service that owns them, and its answer or failure back. */
export function relay<C extends Contract>(contract: C, client: Client<C>): Handlers<C> {
  const handlers = Object.entries(contract).map(([name, { method }]) => {
    const call = client[name] as unknown as Call;
    const once = (request: object, { requestId }: HandlerContext) => call(request, { requestId });
    // a change is sent once: a repeated create makes a second entity, and a repeated delete finds nothing
    return [name, method === 'GET' ? repeated(once) : once];
  });
  return Object.fromEntries(handlers) as Handlers<C>;
}

/** Repeats a read once if a kept-alive connection was reset under it. */
function repeated(read: (request: object, context: HandlerContext) => Promise<unknown>): typeof read {
  return (request, context) =>
    read(request, context).catch((error: unknown) => {
      if (isFailure(error) && error.outcome === 'unknown' && error.wasReset) return read(request, context);
      throw error;
    });
}
