import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { ReconcilerEvents, RelationEvents } from 'many-to-many';
import type { Times } from '@attendance/common/times';
import { Counter } from 'prom-client';
import { observeReconciler } from './observeReconciler.ts';

interface Observed {
  times: Times;
  metrics: Metrics;
  log: Logger;
}

/** The metrics and log lines of adds, removes and the reconciler. */
export function observeRelation({ times, metrics, log }: Observed): RelationEvents & ReconcilerEvents {
  const counter = (name: string, help: string) => {
    const counts = new Counter({ name, help, labelNames: ['outcome'], registers: [metrics.registry] });
    return (outcome: string) => counts.inc({ outcome });
  };
  return {
    added: counter('attendance_adds_total', 'Adds by outcome'),
    removed: counter('attendance_removes_total', 'Removes by outcome'),
    withdrawn: counter('attendance_withdrawals_total', "Withdrawals of an add's claim from one copy, by outcome"),
    stranded: (request_ids, reason) => log.warn({ request_ids, reason }, 'a claim may have stayed in one copy'),
    ...observeReconciler({ times, metrics, log }),
  };
}
