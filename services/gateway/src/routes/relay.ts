import { DownstreamError } from '@attendance/common/client/downstreamError';
import { Problem } from '@attendance/common/contract/problems';
import type { HandlerContext } from '@attendance/common/http/handlers';

/**
 * Passes a request on to its owner as it is, and the answer back. Where there is none, the answer says what is known:
 * a read, or what was never sent, was certainly not executed; of anything else the outcome is unknown.
 */
export function relay<Request, Answer>(
  call: (request: Request, options: { requestId: string }) => Promise<Answer>,
  { changes }: { changes: boolean },
) {
  return async (request: Request, { requestId }: HandlerContext): Promise<Answer> => {
    try {
      return await call(request, { requestId });
    } catch (error) {
      if (!(error instanceof DownstreamError)) throw error;
      const code = changes && error.kind !== 'not_sent' ? 'outcome_unknown' : 'not_executed';
      throw new Problem(code, { cause: error });
    }
  };
}
