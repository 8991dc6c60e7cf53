import type { Logger } from 'pino';
import type { Answer, Contract, RequestTo } from '../contract/operation.ts';

export interface HandlerContext {
  /** Taken over from the client, or made here. */
  requestId: string;
  log: Logger;
  /** Adds a field to the one line that is logged of this request. */
  note(fields: Record<string, unknown>): void;
}

/** One handler for each operation; what it answers is what the operation declares, or it does not compile. */
export type Handlers<C extends Contract> = {
  [Name in keyof C]: (request: RequestTo<C[Name]>, context: HandlerContext) => Promise<Answer<C[Name]>>;
};
