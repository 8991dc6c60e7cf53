import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../contract/problems.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Makes a check that an `Authorization` header holds one of the tokens. Its duration reveals nothing about them.
 * @returns a function that throws {Problem} unauthorized
 */
export function tokenCheck(tokens: () => readonly string[]): (authorization: string | undefined) => void {
  return (authorization) => {
    const shown = digest(authorization ?? '');
    // every token is compared, even after a match
    const matches = tokens().map((token) => timingSafeEqual(digest(`Bearer ${token}`), shown));
    if (!matches.includes(true)) throw new Problem('unauthorized', { headers: { 'WWW-Authenticate': 'Bearer' } });
  };
}
