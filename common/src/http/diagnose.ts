import { Problem } from '../contract/problems.ts';

export interface ParseError extends Error {
  code?: string;
  /** What the parser expected, in English. */
  reason?: string;
  rawPacket?: Buffer;
}

/**
 * Gives the problem behind an error of Node's HTTP parser or of its timers.
 * @param allowed gives the methods that a path allows; an empty string if there is no such route
 */
export function diagnose(error: ParseError, allowed: (path: string) => string): Problem {
  const cause = error;
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', { cause });
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', { cause });
    case 'HPE_INVALID_METHOD': {
      // a method that Node does not know is still one that the route does not take
      const path = /^[A-Z-]+ (\/[^ ?]*)\S* HTTP\/1\.[01]\r\n/.exec(error.rawPacket?.toString('latin1') ?? '')?.[1];
      if (path === undefined) return new Problem('invalid_request', { cause });
      const methods = allowed(path);
      return methods === ''
        ? new Problem('route_not_found', { cause })
        : new Problem('method_not_allowed', { cause, headers: { Allow: methods } });
    }
    default:
      return new Problem('invalid_request', { cause, ...(error.reason ? { detail: error.reason } : {}) });
  }
}
