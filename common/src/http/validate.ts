import type { z } from 'zod';
import type { Operation, RequestTo } from '../contract/operation.ts';
import { Problem, type Fault } from '../contract/problems.ts';

/**
 * Checks a request's parts against its operation.
 * @throws {Problem} invalid_request, naming every fault of every part
 */
export function validate<O extends Operation>(
  operation: O,
  parts: { params: unknown; query: unknown; body: unknown },
): RequestTo<O> {
  const faults: Fault[] = [];
  const parse = (part: keyof typeof parts, schema: z.ZodType | null): unknown => {
    const result = schema?.safeParse(parts[part]);
    if (!result) return null;
    if (!result.success) faults.push(...result.error.issues.flatMap((issue) => faultsOf(part, issue)));
    return result.data;
  };
  const request = {
    params: parse('params', operation.params),
    query: parse('query', operation.query),
    body: parse('body', operation.body),
  };
  if (faults.length > 0) throw new Problem('invalid_request', { errors: faults });
  return request as RequestTo<O>;
}

function faultsOf(part: string, issue: z.core.$ZodIssue): Fault[] {
  const path = (more: PropertyKey[]) => [part, ...issue.path, ...more].map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: path([key]), message: 'is not a known field' }));
  return [{ path: path([]), message: issue.message }];
}
