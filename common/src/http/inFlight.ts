import { Problem, type ProblemCode } from '../contract/problems.ts';
import type { Metrics } from '../runtime/metrics.ts';

interface Limit {
  max: number;
  /** What is answered above it. */
  code: ProblemCode;
  metrics: Metrics;
}

/** Refuses at once what would be more work than `max` requests: better than to queue it. */
export function inFlightLimit({ max, code, metrics }: Limit) {
  let inFlight = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inFlight >= max) {
      metrics.shed.inc();
      throw new Problem(code, { detail: 'Too many requests are under way' });
    }
    metrics.inFlight.set(++inFlight);
    try {
      return await work();
    } finally {
      metrics.inFlight.set(--inFlight);
    }
  };
}
