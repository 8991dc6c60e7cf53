import { maxBatch } from '../contract/batch.ts';
import { Problem } from '../contract/problems.ts';
import type { HandlerContext } from '../http/handlers.ts';

interface Item {
  request_ids: string[];
  /** Pairs that a list asks for. */
  limit?: number;
}

type Operation<I, Outcome> = (items: I[]) => Promise<Outcome[]>;

type BatchHandler<I, Outcome> = (
  request: { body: { items: I[] } },
  context: HandlerContext,
) => Promise<{ status: 200; body: { outcomes: Outcome[] } }>;

type BatchHandlers<O> = {
  [Name in keyof O]: O[Name] extends Operation<infer I, infer Outcome> ? BatchHandler<I, Outcome> : never;
};

/** Makes the handler of each operation of an owner. */
export function claimsHandlers<O extends object>(owner: O): BatchHandlers<O> {
  const operations = Object.entries(owner) as [string, Operation<Item, { outcome: string }>][];
  const handlers = operations.map(([name, operation]) => [name, batchHandler(operation)]);
  return Object.fromEntries(handlers) as BatchHandlers<O>;
}

function batchHandler<I extends Item, Outcome extends { outcome: string }>(
  operation: Operation<I, Outcome>,
): BatchHandler<I, Outcome> {
  return async ({ body: { items } }, context) => {
    checkSize(items);
    const outcomes = await operation(items);
    // so that the id of a client's request finds what became of it here
    context.note({
      items: items.map(({ request_ids }, i) => ({ request_ids, outcome: outcomes[i]?.outcome })),
    });
    return { status: 200, body: { outcomes } };
  };
}

function checkSize(items: Item[]): void {
  const pairs = items.reduce((sum, { limit }) => sum + (limit ?? 0), 0);
  if (pairs <= maxBatch) return;
  const message = `must ask for at most ${maxBatch} pairs together`;
  throw new Problem('invalid_request', { errors: [{ path: 'body.items', message }] });
}
