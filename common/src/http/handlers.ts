import type { Logger } from 'pino';
import type { Answer, Contract, RequestTo } from '../contract/operation.ts';

export interface HandlerContext {
  /** The client's request id, or a new one. */
  requestId: string;
  log: Logger;
  /** Adds fields to the request's log line. */
  note(fields: Record<string, unknown>): void;
}

/** One handler for each operation. A handler that answers anything undeclared does not compile. */
export type Handlers<C extends Contract> = {
  [Name in keyof C]: (request: RequestTo<C[Name]>, context: HandlerContext) => Promise<Answer<C[Name]>>;
};
