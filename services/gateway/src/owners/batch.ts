import { DownstreamError } from '@attendance/common/client/downstreamError';
import { Problem, type ProblemCode } from '@attendance/common/contract/problems';
import { ConnectionReset, NotExecuted } from '../protocol/failures.ts';

interface Item {
  request_ids: string[];
}

type BatchCall<I extends Item, Outcome, Code extends ProblemCode> = (
  request: { body: { items: I[] } },
  options: { requestId: string },
) => Promise<{ status: 200; body: { outcomes: Outcome[] } } | Problem<Code>>;

/**
 * Makes a batch operation of the protocol's owner of one of the typed client's.
 * @throws {NotExecuted} where that is certain, {ConnectionReset} where it may be repeated; all else is unknown
 */
export function batch<I extends Item, Outcome, Code extends ProblemCode>(call: BatchCall<I, Outcome, Code>) {
  return async (items: I[]): Promise<Outcome[]> => {
    // the items carry every request id there is behind them; the call itself goes by the first
    const requestId = items[0]?.request_ids[0] ?? '';
    const answer = await call({ body: { items } }, { requestId }).catch((error: unknown) => {
      throw translate(error);
    });
    if (!(answer instanceof Problem)) return answer.body.outcomes;
    throw answer.code === 'not_executed' ? new NotExecuted(answer.message, { cause: answer }) : answer;
  };
}

function translate(error: unknown): unknown {
  if (!(error instanceof DownstreamError)) return error;
  if (error.kind === 'not_sent') return new NotExecuted(error.message, { cause: error });
  if (error.kind === 'reset') return new ConnectionReset(error.message, { cause: error });
  return error;
}
