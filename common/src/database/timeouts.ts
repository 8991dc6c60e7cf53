import { NoConnection, type Query } from 'many-to-many/copy';
import { Counter } from 'prom-client';
import type { Metrics } from '../runtime/metrics.ts';

/** SQLSTATEs (PostgreSQL manual, appendix A) of its own timeouts. */
const byState: Partial<Record<string, Bound>> = { '57014': 'statement', '55P03': 'lock' };
/** What node-postgres says of its `query_timeout` and `connectionTimeoutMillis`. */
const byMessage: Partial<Record<string, Bound>> = {
  'Query read timeout': 'answer',
  'timeout expired': 'connect',
  'Connection terminated due to connection timeout': 'connect',
};

type Bound = 'pool_wait' | 'connect' | 'statement' | 'lock' | 'answer';

/** Counts the statements that failed because a time of the table of times was over, by which one that was. */
export function countTimeouts(query: Query, metrics: Metrics): Query {
  const counter = new Counter({
    name: 'database_timeouts_total',
    help: 'Statements that failed because they took too long, by the bound that was reached',
    labelNames: ['bound'],
    registers: [metrics.registry],
  });
  return async (statement) => {
    try {
      return await query(statement);
    } catch (error) {
      const bound = boundOf(error);
      if (bound) counter.inc({ bound });
      // PostgreSQL's and the driver's messages do not all name it
      if (bound && error instanceof Error && !error.message.includes(`(${named(bound)})`))
        error.message += ` (${named(bound)})`;
      throw error;
    }
  };
}

/** Whether a statement was sent and the server did not answer in time, not even that it takes too long. */
export const gotNoAnswer = (error: unknown) => boundOf(error) === 'answer';

const named = (bound: Bound) => bound.replace('_', ' ');

/** Says which bound was reached, from the error of a query or from the error that caused it. */
function boundOf(error: unknown): Bound | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof NoConnection) return error.bound;
  const state = 'code' in error ? String(error.code) : '';
  return byState[state] ?? byMessage[error.message] ?? boundOf(error.cause);
}
