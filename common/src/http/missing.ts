import { Problem } from '../contract/problems.ts';

/** A 404 for the entity that a part of the request names: `params.id`, `body.conference_id`. */
export function missing<E extends 'author' | 'conference' | 'event'>(
  entity: E,
  { path, id }: { path: string; id: string },
) {
  const code = `${entity}_not_found` as const;
  return new Problem(code, { errors: [{ path, code, message: `there is no ${entity} ${id}` }] });
}
