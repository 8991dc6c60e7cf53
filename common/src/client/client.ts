import { Agent } from 'node:http';
import got, { type Got, type Response } from 'got';
import { z } from 'zod';
import type { Answer, ClientRequest, Contract, Operation } from '../contract/operation.ts';
import { Problem, problemTypes, type ProblemCode } from '../contract/problems.ts';
import { requestIdHeader } from '../http/requestId.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Times } from '../times.ts';
import { DownstreamError, kindOf } from './downstreamError.ts';

/**
 * A service's operations as functions. Each gives what the operation declares; it throws {DownstreamError} where the
 * call failed or was answered with anything else, and {Problem} invalid_request where the service said so.
 */
export type Client<C extends Contract> = {
  readonly [Name in keyof C]: (
    request: ClientRequest<C[Name]>,
    options: { requestId: string },
  ) => Promise<Answer<C[Name]>>;
};

interface ClientOptions<C extends Contract> {
  contract: C;
  /** The service's name in errors and metrics. */
  service: string;
  baseUrl: string;
  /** Shown on internal routes. */
  token?: string;
  times: Times;
  metrics: Metrics;
}

export function createClient<C extends Contract>(options: ClientOptions<C>): Client<C> {
  const { contract, service, baseUrl, token, times, metrics } = options;
  const http = got.extend({
    prefixUrl: baseUrl,
    // idle sockets are closed here before the server would, so that no request meets a closing one
    agent: { http: new Agent({ keepAlive: true, timeout: times.clientIdle }) },
    timeout: { connect: times.wait, request: times.downstream },
    // to repeat or not is the protocol's decision
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    decompress: false,
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  const calls = Object.entries(contract).map(([name, operation]) => {
    const call = async (request: Sent, { requestId }: { requestId: string }) => {
      const stop = metrics.downstream.startTimer({ downstream: service, operation: name });
      try {
        const answer = await send(http, service, operation, request, requestId);
        stop({ outcome: answer instanceof Problem ? answer.code : answer.status });
        return answer;
      } catch (error) {
        stop({ outcome: error instanceof DownstreamError ? error.kind : 'invalid_request' });
        throw error;
      }
    };
    return [name, call];
  });
  return Object.fromEntries(calls) as Client<C>;
}

interface Sent {
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

async function send(http: Got, service: string, operation: Operation, sent: Sent, requestId: string) {
  const { method, path } = operation;
  const failed = (cause: unknown) => new DownstreamError({ service, method, path }, kindOf(cause), cause);
  const url = path.slice(1).replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(sent.params?.[name] ?? ''));
  const response = await http(url, {
    method,
    searchParams: sent.query ?? {},
    headers: { [requestIdHeader]: requestId },
    ...(operation.body ? { json: sent.body } : {}),
  }).catch((error: unknown) => {
    throw failed(error);
  });
  try {
    return read(operation, response);
  } catch (error) {
    throw error instanceof Problem ? error : failed(error);
  }
}

function read(operation: Operation, { statusCode: status, headers, body: text }: Response<string>): Answer<Operation> {
  const schema = operation.answers[status];
  if (schema === null) return { status };
  if (schema) return { status, body: schema.parse(JSON.parse(text)), location: headers.location } as Answer<Operation>;
  const problem = readProblem(status, text);
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
    // a code with another status is not ours
    return problemTypes[code].status === status ? new Problem(code, { errors, ...(detail ? { detail } : {}) }) : null;
  } catch {
    return null;
  }
}
