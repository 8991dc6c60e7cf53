import type { z } from 'zod';
import { batchOf, type Batches, type Operations } from '../operation.ts';
import { failureOf } from '../outcome.ts';

/** The answer of an owner service: an HTTP status, and a body to send as JSON. */
export interface Answered {
  status: 200 | 400 | 404 | 503 | 504;
  body: { outcomes: unknown[] } | { code: string; detail: string };
}

/**
 * Runs an operation, by its name, on the parsed JSON of a request's body. It never rejects. It resolves to 200 with the
 * outcomes, 400 `invalid_request`, 404 `route_not_found`, 503 `not_executed`, or 504 `outcome_unknown`.
 */
export type Handler = (operation: string, body: unknown) => Promise<Answered>;

/**
 * Makes the handler of a copy's operations, for any HTTP framework. Before you call it, check that the request comes
 * from the gateway.
 */
export function createHandler<Table extends Operations>(operations: Table, batches: Batches<Table>): Handler {
  const bodies = new Map(Object.entries(operations).map(([name, operation]) => [name, batchOf(operation)]));
  return async (name, body) => {
    const schema = bodies.get(name);
    if (!schema) return problem(404, 'route_not_found', `there is no operation ${name}`);
    const request = schema.safeParse(body);
    if (!request.success) return problem(400, 'invalid_request', describe(request.error));
    try {
      const batch = batches[name] as (items: unknown[]) => Promise<unknown[]>;
      return { status: 200, body: { outcomes: await batch(request.data.items) } };
    } catch (error) {
      const failure = failureOf(error);
      return failure.outcome === 'not_executed'
        ? problem(503, 'not_executed', failure.message)
        : problem(504, 'outcome_unknown', failure.message);
    }
  };
}

function problem(status: 400 | 404 | 503 | 504, code: string, detail: string): Answered {
  return { status, body: { code, detail } };
}

function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');
}
