import type { Client } from '@attendance/common/client/client';
import { DownstreamError } from '@attendance/common/client/downstreamError';
import type { Contract } from '@attendance/common/contract/operation';
import { Problem } from '@attendance/common/contract/problems';
import type { HandlerContext, Handlers } from '@attendance/common/http/handlers';

type Call = (request: object, options: { requestId: string }) => Promise<unknown>;

/** Entities are their owner's: each operation is passed on to it as it is, and its answer back. */
export function relay<C extends Contract>(contract: C, client: Client<C>): Handlers<C> {
  const handlers = Object.entries(contract).map(([name, { method }]) => {
    const call = client[name] as unknown as Call;
    return [name, method === 'GET' ? relayRead(call) : relayChange(call)];
  });
  return Object.fromEntries(handlers) as Handlers<C>;
}

/** A read that got no answer has changed nothing, so it may be repeated, and fail. */
function relayRead(call: Call) {
  return async (request: object, { requestId }: HandlerContext): Promise<unknown> => {
    const read = () => call(request, { requestId });
    try {
      return await read().catch((error: unknown) => {
        if (error instanceof DownstreamError && error.kind === 'reset') return read();
        throw error;
      });
    } catch (error) {
      throw error instanceof DownstreamError ? new Problem('not_executed', { cause: error }) : error;
    }
  };
}

/** A change is sent once: a repeated create makes a second entity, and a repeated delete finds nothing. */
function relayChange(call: Call) {
  return async (request: object, { requestId }: HandlerContext): Promise<unknown> => {
    try {
      return await call(request, { requestId });
    } catch (error) {
      if (!(error instanceof DownstreamError)) throw error;
      throw new Problem(error.kind === 'not_sent' ? 'not_executed' : 'outcome_unknown', { cause: error });
    }
  };
}
