import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import type { Contract, Operation } from './operation.ts';
import { problemTypes, type ProblemCode } from './problems.ts';

interface Documented {
  title: string;
  contract: Contract;
  /** The prefix of every path as clients see it, such as `/api`. */
  basePath?: string;
}

/** Makes the OpenAPI 3.1 document of a service, as plain JSON. */
export function openApi({ title, contract, basePath = '' }: Documented): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const [name, operation] of Object.entries(contract)) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(name, operation);
  }
  const internal = Object.values(contract).some((operation) => operation.internal);
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title, version: '1', license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: basePath || '/' }],
      paths,
      components: internal ? { securitySchemes: { service_token: { type: 'http', scheme: 'bearer' } } } : {},
    },
    {
      // one name for each schema: in requests and in answers it differs only in whether unknown fields are refused
      outputIdSuffix: '',
      override: ({ jsonSchema, zodSchema, io }) => {
        // zod leaves out the default of a value that it transforms, such as a number that arrives as text
        const { def } = zodSchema._zod;
        if (def.type === 'default') jsonSchema.default = def.defaultValue;
        // a pattern adds nothing to a format
        if (jsonSchema.format) delete jsonSchema.pattern;
        // a newer service may add fields to its answers
        if (io === 'output') delete jsonSchema.additionalProperties;
      },
    },
  );
}

function describe(operationId: string, operation: Operation): ZodOpenApiOperationObject {
  const { summary, description, params, query, body, internal } = operation;
  return {
    operationId,
    summary,
    ...(description ? { description } : {}),
    requestParams: { path: params, query },
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: { ...successes(operation), ...failures(operation) },
    ...(internal ? { security: [{ service_token: [] }] } : {}),
  };
}

const requestIdHeader = {
  'X-Request-Id': { schema: { type: 'string' }, description: "The request's id in every log" },
} as const;
const locationHeader = { Location: { schema: { type: 'string' }, description: 'The path of the new entity' } } as const;
const retryHeader = { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } } as const;

const successDescriptions: Record<string, string> = { 200: 'OK', 201: 'Created', 204: 'Done; there is no body' };

function successes({ answers }: Operation): Record<string, ZodOpenApiResponseObject> {
  const responses = Object.entries(answers).map(([status, schema]): [string, ZodOpenApiResponseObject] => [
    status,
    {
      description: successDescriptions[status] ?? 'Done',
      headers: { ...requestIdHeader, ...(status === '201' ? locationHeader : {}) },
      ...(schema ? { content: { 'application/json': { schema } } } : {}),
    },
  ]);
  return Object.fromEntries(responses);
}

function failures(operation: Operation): Record<string, ZodOpenApiResponseObject> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...operation.problems, ...impliedProblems(operation)]) {
    const { status } = problemTypes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, codes]): [number, ZodOpenApiResponseObject] => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${problemTypes[code].title}`).join('. '),
      headers: { ...requestIdHeader, ...(status === 503 ? retryHeader : {}) },
      content: {
        'application/problem+json': { schema: z.intersection(problem, z.looseObject({ code: z.enum(codes) })) },
      },
    },
  ]);
  return Object.fromEntries(responses);
}

/** Gives the problems that an operation may answer with, without declaring them. */
function impliedProblems({ body, internal }: Operation): ProblemCode[] {
  return [
    'invalid_request',
    ...(internal ? (['unauthorized', 'too_many_failures'] as const) : []),
    ...(body ? (['body_too_large', 'unsupported_media_type'] as const) : []),
    'overloaded',
    'internal_error',
  ];
}

const problem = z
  .looseObject({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemTypes) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional(),
    request_id: z.string(),
    errors: z.array(z.looseObject({ path: z.string(), message: z.string(), code: z.string().optional() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; branch on `code`' });
