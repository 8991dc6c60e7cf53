import { Problem } from '../contract/problems.ts';

/** Characters. RFC 9112 recommends to take 8,000 at least. */
const maxTarget = 8192;

/** Beyond RFC 3986 it has characters that clients forget to escape. The value that has them is refused by its name. */
const originPattern = /^\/[\x21\x22\x24-\x7e]*$/;
const absolutePattern = /^https?:\/\/([^/?#]*)(.*)$/i;
const authorityPattern = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]+)(?::\d*)?$/;

/**
 * Gives a request's target in origin-form: a path, and perhaps a query. `OPTIONS *` stays as it is.
 * @throws {Problem} target_too_long, or invalid_request if the target is no URI that this server could have
 */
export function originForm(method: string, target: string): string {
  if (target.length > maxTarget)
    throw new Problem('target_too_long', { detail: `The target has more than ${maxTarget} characters` });
  if (target === '*' && method === 'OPTIONS') return target;
  const [, authority, rest = ''] = absolutePattern.exec(target) ?? [];
  const origin = authority === undefined ? target : rest.startsWith('/') ? rest : `/${rest}`;
  if ((authority !== undefined && !isAuthority(authority)) || !originPattern.test(origin))
    throw new Problem('invalid_request', {
      errors: [{ path: 'target', message: 'must be a path or an http URL, without a fragment' }],
    });
  return origin;
}

/** Whether a text is a host with an optional port. User information before the host counts as an error (RFC 9110, 4.2.4). */
export function isAuthority(text: string): boolean {
  return authorityPattern.test(text) && URL.canParse(`http://${text}`);
}
