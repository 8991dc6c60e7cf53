import { Problem, type ProblemCode } from '../contract/problems.ts';
import type { Metrics } from '../runtime/metrics.ts';

interface Limit {
  max: number;
  /** The problem that further requests are answered with. */
  code: ProblemCode;
  metrics: Metrics;
}

/** Rejects a request when `max` are already in flight, instead of queueing it. */
export function inFlightLimit({ max, code, metrics }: Limit) {
  let inFlight = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inFlight >= max) {
      metrics.shed.inc();
      throw new Problem(code, { detail: 'Too many requests are in flight' });
    }
    metrics.inFlight.set(++inFlight);
    try {
      return await work();
    } finally {
      metrics.inFlight.set(--inFlight);
    }
  };
}
