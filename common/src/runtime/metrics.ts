import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { droppedLines } from './logger.ts';

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the metrics of every service, in a registry of its own, so that several services can run in one process. */
export function createMetrics({ service }: { service: string }) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // event loop lag, heap, garbage collection, file descriptors, CPU
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Counter({
    name: 'log_lines_dropped_total',
    help: 'Log lines that could not be written: the disk is full, or nobody reads the log',
    registers,
    collect() {
      this.reset();
      this.inc(droppedLines());
    },
  });
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Requests by method, route template and status; what matched no route is "unmatched"',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers,
    }),
    inFlight: new Gauge({ name: 'http_requests_in_flight', help: 'Requests in flight', registers }),
    shed: new Counter({
      name: 'http_requests_shed_total',
      help: 'Requests rejected because too many were in flight',
      registers,
    }),
    refused: countByReason({
      name: 'http_connections_refused_total',
      help: 'Connections closed outside the app: at the connection limit, or with the problem that was answered',
      reasons: refusals,
      registers,
    }),
    tokenFailures: countByReason({
      name: 'http_token_failures_total',
      help: 'Requests to internal routes whose service token was missing or wrong',
      reasons: ['missing', 'wrong'],
      registers,
    }),
    downstream: new Histogram({
      name: 'downstream_request_duration_seconds',
      help: 'Calls to another service, by operation and by status, not_executed or unknown',
      labelNames: ['downstream', 'operation', 'outcome'],
      buckets,
      registers,
    }),
  };
}

const refusals = [
  'connection_limit',
  'headers_too_large',
  'invalid_request',
  'method_not_allowed',
  'request_timeout',
  'route_not_found',
];

/** Creates a counter by reason. A series that began with its first count would hide that count from `increase`. */
function countByReason({
  reasons,
  ...options
}: {
  name: string;
  help: string;
  reasons: string[];
  registers: Registry[];
}) {
  const counter = new Counter({ ...options, labelNames: ['reason'] });
  for (const reason of reasons) counter.inc({ reason }, 0);
  return counter;
}
