import { Problem } from '../contract/problems.ts';

/** Makes the 404 for an entity that the request names at a path, such as `params.id` or `body.conference_id`. */
export function missing<E extends 'author' | 'conference' | 'event'>(
  entity: E,
  { path, id }: { path: string; id: string },
) {
  const code = `${entity}_not_found` as const;
  return new Problem(code, { errors: [{ path, code, message: `there is no ${entity} ${id}` }] });
}
