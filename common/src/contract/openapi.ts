import { z } from 'zod';
import type { Contract, Operation } from './operation.ts';
import { problemTypes, type ProblemCode } from './problems.ts';

/** The OpenAPI 3.1 document of a service, as plain JSON. */
export function openApi({ title, contract }: { title: string; contract: Contract }): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, operation] of Object.entries(contract)) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(name, operation);
  }
  const internal = Object.values(contract).some((operation) => operation.internal);
  return {
    openapi: '3.1.0',
    info: { title, version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      schemas: namedSchemas(contract),
      ...(internal ? { securitySchemes: { service_token: { type: 'http', scheme: 'bearer' } } } : {}),
    },
  };
}

function describe(operationId: string, operation: Operation): object {
  const { summary, description, body, internal } = operation;
  return {
    operationId,
    summary,
    ...(description ? { description } : {}),
    parameters: [...parameters('path', operation.params), ...parameters('query', operation.query)],
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }
      : {}),
    responses: { ...successes(operation), ...failures(operation) },
    ...(internal ? { security: [{ service_token: [] }] } : {}),
  };
}

function parameters(where: 'path' | 'query', schema: z.ZodObject): object[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description ? { description } : {}),
    schema: property,
  }));
}

const requestIdHeader = {
  'X-Request-Id': { schema: { type: 'string' }, description: "The request's id in every log" },
};
const locationHeader = { Location: { schema: { type: 'string' }, description: 'The path of what was created' } };
const retryHeader = { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } };

function successes({ answers }: Operation): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: successDescriptions[status] ?? 'Done',
        headers: { ...requestIdHeader, ...(status === '201' ? locationHeader : {}) },
        ...(schema ? { content: { 'application/json': { schema: schemaOf(schema, 'output') } } } : {}),
      },
    ]),
  );
}

const successDescriptions: Record<string, string> = { 200: 'Here it is', 201: 'Created', 204: 'Done; nothing to show' };

function failures(operation: Operation): Record<string, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...operation.problems, ...impliedProblems(operation)]) {
    const { status } = problemTypes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses: Record<string, object> = {};
  for (const [status, codes] of byStatus) {
    const titles = codes.map((code) => `\`${code}\`: ${problemTypes[code].title}`);
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
    };
    responses[status] = {
      description: titles.join('. '),
      headers: { ...requestIdHeader, ...(status === 503 ? retryHeader : {}) },
      content: { 'application/problem+json': { schema } },
    };
  }
  return responses;
}

/** What an operation may answer without declaring it. */
function impliedProblems({ body, internal }: Operation): ProblemCode[] {
  return [
    'invalid_request',
    ...(internal ? (['unauthorized'] as const) : []),
    ...(body ? (['body_too_large', 'unsupported_media_type'] as const) : []),
    'overloaded',
    'internal_error',
  ];
}

/** JSON Schema of a schema of the contract; what has a name there is referred to by it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const json = z.toJSONSchema(schema, { io, ...options });
  return byReference({ ...json, $schema: undefined, $defs: undefined });
}

/** The named schemas of all answers, and of the problem document. */
function namedSchemas(contract: Contract): Record<string, object> {
  const named: Record<string, object> = { Problem: problemSchema };
  const schemas = Object.values(contract).flatMap(({ answers }) => Object.values(answers));
  for (const schema of schemas) {
    if (!schema) continue;
    const { $defs } = z.toJSONSchema(schema, options);
    Object.assign(named, byReference($defs ?? {}));
  }
  return named;
}

/** In OpenAPI the named schemas stand in one place of the document. */
function byReference<T extends object>(json: T): T {
  return JSON.parse(JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/')) as T;
}

const options: z.core.ToJSONSchemaParams = {
  unrepresentable: 'any',
  // a format says to a reader what its pattern says to nobody
  override: ({ jsonSchema }) => {
    if (jsonSchema.format) delete jsonSchema.pattern;
  },
};

const problemSchema = {
  type: 'object',
  description: 'RFC 9457; branch on `code`',
  required: ['type', 'title', 'status', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { enum: Object.keys(problemTypes) },
    detail: { type: 'string' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
};
