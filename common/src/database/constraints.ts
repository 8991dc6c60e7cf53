import { isFailure } from 'many-to-many';

/** The class of SQLSTATEs of violated constraints (PostgreSQL manual, appendix A). */
const integrityConstraintViolation = '23';

/** Whether a statement was not executed because it violates the constraint of this name. */
export function violates(error: unknown, constraint: string): boolean {
  if (!isFailure(error)) return false;
  const cause = error.cause as { code?: unknown; constraint?: unknown } | undefined;
  return String(cause?.code).startsWith(integrityConstraintViolation) && cause?.constraint === constraint;
}
