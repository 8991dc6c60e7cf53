/**
 * Every problem that a client can get: its stable code, status and title. Codes are part of the contract; titles are
 * prose.
 */
export const problemTypes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'The service token is missing or wrong' },
  route_not_found: { status: 404, title: 'No such route' },
  author_not_found: { status: 404, title: 'No such author' },
  conference_not_found: { status: 404, title: 'No such conference' },
  event_not_found: { status: 404, title: 'No such event' },
  attendance_not_found: { status: 404, title: 'The author does not attend the event' },
  method_not_allowed: { status: 405, title: 'The route does not allow this method' },
  request_timeout: { status: 408, title: 'The request arrived too slowly' },
  conference_has_events: { status: 409, title: 'The conference still has events' },
  seq_taken: { status: 409, title: 'The conference already has an event with this seq' },
  precondition_failed: { status: 412, title: 'The precondition of the request does not hold' },
  body_too_large: { status: 413, title: 'The body is too large' },
  target_too_long: { status: 414, title: 'The request target is too long' },
  unsupported_media_type: { status: 415, title: 'The body is not application/json' },
  too_many_failures: { status: 429, title: 'Too many requests with a missing or wrong service token' },
  headers_too_large: { status: 431, title: 'The request head is too large' },
  internal_error: { status: 500, title: 'Something unexpected went wrong' },
  not_executed: { status: 503, title: 'Certainly not executed; try again' },
  overloaded: { status: 503, title: 'Too much work in flight; certainly not executed' },
  outcome_unknown: { status: 504, title: 'It may or may not have been executed' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problemTypes;

/** One fault of a request: where it is (`body.full_name`, `params.event_id`) and what is wrong. */
export interface Fault {
  path: string;
  message: string;
  code?: ProblemCode;
}

interface ProblemOptions {
  detail?: string;
  errors?: readonly Fault[];
  headers?: Readonly<Record<string, string>>;
  /** For the log only. */
  cause?: unknown;
}

/**
 * A problem that a client gets. A handler returns it if its operation declares the code, so that an undeclared one does
 * not compile. Problems that every operation may answer (a bad request, overload) are thrown.
 */
export class Problem<Code extends ProblemCode = ProblemCode> extends Error {
  readonly code: Code;
  readonly errors: readonly Fault[];
  /** Header fields that its answer needs, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: Code, options: ProblemOptions = {}) {
    super(options.detail ?? problemTypes[code].title, { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problemTypes[this.code].status;
  }

  /** Makes the RFC 9457 document. */
  document(requestId: string): ProblemDocument {
    const { status, title } = problemTypes[this.code];
    const document: ProblemDocument = {
      type: `urn:problem-type:${this.code}`,
      title,
      status,
      code: this.code,
      request_id: requestId,
    };
    if (this.message !== title) document.detail = this.message;
    if (this.errors.length > 0) document.errors = [...this.errors];
    return document;
  }
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  request_id: string;
  detail?: string;
  errors?: Fault[];
}
