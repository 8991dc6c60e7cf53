import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../contract/problems.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { boundedReport } from './boundedReport.ts';

/** Failures that are answered 401 and logged one by one: at once, and then for each second. */
const burst = 10;
const perSecond = 1;

const digest = (text: string) => createHash('sha256').update(text).digest();

interface TokenCheck {
  /** Gives the tokens that are valid at the moment. */
  tokens: () => readonly string[];
  log: Logger;
  metrics: Metrics;
}

/**
 * Makes a check that an `Authorization` header holds one of the tokens. Its duration reveals nothing about them. A valid
 * token always passes, however many others fail, so that nobody can lock the gateway out.
 * @returns a function that throws {Problem} unauthorized, or too_many_failures where there were too many
 */
export function tokenCheck({ tokens, log, metrics }: TokenCheck): (authorization: string | undefined) => void {
  const digests = digestsOf(tokens);
  const mayAnswer = allowance();
  const report = boundedReport((refused) =>
    log.warn({ refused }, 'too many requests with a missing or wrong service token'),
  );
  return (authorization) => {
    const shown = digest(authorization ?? '');
    // every token is compared, even after a match
    const matches = digests().map((valid) => timingSafeEqual(valid, shown));
    if (matches.includes(true)) return;
    metrics.tokenFailures.inc({ reason: authorization ? 'wrong' : 'missing' });
    if (mayAnswer()) throw new Problem('unauthorized', { headers: { 'WWW-Authenticate': 'Bearer' } });
    report();
    // closed, so that each further guess costs its sender a connection
    throw new Problem('too_many_failures', { headers: { 'Retry-After': '1', Connection: 'close' } });
  };
}

/** Gives the digests of the valid headers. Each is computed once. */
function digestsOf(tokens: () => readonly string[]): () => Buffer[] {
  let known = new Map<string, Buffer>();
  return () => {
    known = new Map(tokens().map((token) => [token, known.get(token) ?? digest(`Bearer ${token}`)]));
    return [...known.values()];
  };
}

/** Allows `burst` calls at once, and `perSecond` on average. */
function allowance(): () => boolean {
  let left = burst;
  let at = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(burst, left + ((now - at) / 1000) * perSecond);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
