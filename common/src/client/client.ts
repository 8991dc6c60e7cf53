import { isFailure, NotExecuted, Unknown } from 'many-to-many';
import { z } from 'zod';
import type { Answer, ClientRequest, Contract, Operation } from '../contract/operation.ts';
import { Problem, problemTypes, type ProblemCode } from '../contract/problems.ts';
import type { Caller, Response } from './caller.ts';

/**
 * A service's operations as functions. Each returns an answer that the operation declares. It throws {NotExecuted} or {Unknown} if
 * the call failed, or was answered with anything else, and {Problem} invalid_request if the service answered that.
 */
export type Client<C extends Contract> = {
  readonly [Name in keyof C]: (
    request: ClientRequest<C[Name]>,
    options: { requestId: string },
  ) => Promise<Answer<C[Name]>>;
};

interface Sent {
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

export function createClient<C extends Contract>(contract: C, call: Caller): Client<C> {
  const calls = Object.entries(contract).map(([name, operation]) => {
    const send = (sent: Sent, { requestId }: { requestId: string }) =>
      call(
        {
          operation: name,
          method: operation.method,
          path: pathOf(operation, sent.params),
          ...(sent.query ? { query: sent.query } : {}),
          ...(operation.body ? { json: sent.body } : {}),
          requestId,
        },
        (response) => read(operation, response),
      ).catch((error: unknown) => {
        // the service itself says that the request is not valid
        if (isFailure(error) && error.cause instanceof Problem) throw error.cause;
        throw error;
      });
    return [name, send];
  });
  return Object.fromEntries(calls) as Client<C>;
}

const pathOf = ({ path }: Operation, params: Sent['params']) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));

function read(operation: Operation, { status, location, text }: Response): Answer<Operation> {
  const schema = operation.answers[status];
  if (schema === null) return { status };
  if (schema) return { status, body: schema.parse(JSON.parse(text)), location } as Answer<Operation>;
  const problem = readProblem(status, text);
  if (problem?.code === 'not_executed') throw new NotExecuted(problem.message);
  if (problem?.code === 'outcome_unknown') throw new Unknown(problem.message);
  if (problem && operation.problems.includes(problem.code)) return problem;
  if (problem?.code === 'invalid_request') throw problem;
  throw new Error(`answered ${status} ${problem?.code ?? ''}`.trim());
}

const problemCode = z.enum(Object.keys(problemTypes) as [ProblemCode, ...ProblemCode[]]);
const fault = z.object({ path: z.string(), message: z.string(), code: problemCode.exactOptional() });
const problemDocument = z.object({
  code: problemCode,
  detail: z.string().optional(),
  errors: z.array(fault).default([]),
});

function readProblem(status: number, text: string): Problem | null {
  try {
    const { code, detail, errors } = problemDocument.parse(JSON.parse(text));
    // a code with another status was not sent by the service
    return problemTypes[code].status === status ? new Problem(code, { errors, ...(detail ? { detail } : {}) }) : null;
  } catch {
    return null;
  }
}
