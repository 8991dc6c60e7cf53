import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import { Counter, Gauge } from 'prom-client';
import type { ReconcilerEvents } from './protocol/reconciler/events.ts';
import { timeOf } from './protocol/reconciler/ids.ts';
import type { WalkReport } from './protocol/reconciler/report.ts';
import type { DropReason } from './protocol/reconciler/settle.ts';

interface Observed {
  times: Times;
  metrics: Metrics;
  log: Logger;
}

/* A series that begins with its first count hides that one from `increase`: each is there from the start. */
const reasons: Record<DropReason, 0> = { half: 0, entity_deleted: 0, surplus: 0 };
const outcomes: Record<WalkReport['outcome'], 0> = { reconciled: 0, stopped: 0, wrong_database: 0, unanswered: 0 };

/** The reconciler's metrics and log lines. */
export function observeReconciler({ times, metrics, log }: Observed): ReconcilerEvents {
  const registers = [metrics.registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const seen = new Counter({
    name: 'attendance_half_claims_seen_total',
    help: 'Claims that the reconciler saw in one copy only, in walks and between them: once more in each that sees them',
    registers,
  });
  const dropped = new Counter({
    name: 'attendance_claims_dropped_total',
    help: 'Rows that the reconciler dropped from a copy, by reason; a surplus claim is one in each copy',
    labelNames: ['reason'],
    registers,
  });
  const walks = new Counter({
    name: 'attendance_walks_total',
    help: "The reconciler's walks through all claims, by outcome",
    labelNames: ['outcome'],
    registers,
  });
  for (const reason of Object.keys(reasons)) dropped.inc({ reason }, 0);
  for (const outcome of Object.keys(outcomes)) walks.inc({ outcome }, 0);
  const claims = gauge('attendance_claims', 'Claims that the last walk compared that was answered');
  const half = gauge('attendance_half_claims', 'Claims that the last walk saw in one copy only that was answered');
  const oldest = gauge(
    'attendance_half_claims_oldest_seconds',
    'Age of the oldest claim in one copy only that the last walk left there, 0 where it left none',
  );
  const stopped = gauge('attendance_reconciler_stopped', '1 while the reconciler waits for a person to accept');
  /** When the newest claims that a complete walk compared were settled, by the owners: an open transaction holds it up. */
  let settledAt = Date.now();
  new Gauge({
    name: 'attendance_reconciler_lag_seconds',
    help: 'Time since the newest claims were settled that a complete walk has compared, or since the start',
    registers,
    collect() {
      this.set(Math.max(0, Date.now() - settledAt) / 1000);
    },
  });

  function walked(report: WalkReport, ms: number): void {
    seen.inc(report.half);
    // what it left the next walk sees
    if (report.through === 'new') return;
    walks.inc({ outcome: report.outcome });
    if (report.outcome === 'unanswered') {
      log.warn({ report, ms }, 'the reconciler had no answer; trying again later');
      return;
    }
    claims.set(report.claims);
    half.set(report.half);
    oldest.set(ageOfOldest(report) / 1000);
    const isStopped = report.outcome !== 'reconciled';
    stopped.set(isStopped ? 1 : 0);
    if (isStopped)
      log.error({ report, ms }, 'the reconciler has stopped: see what `npm run reconcile -- --dry-run` says');
    else {
      settledAt = timeOf(report.settled_before) + times.grace;
      const level = Object.values(report.dropped).some((rows) => rows > 0) ? 'info' : 'debug';
      log[level]({ report, ms }, 'the copies were reconciled');
    }
  }

  /** By the owners' clocks: what is settled is as old as the grace period, or older. */
  const ageOfOldest = ({ oldest, settled_before }: WalkReport) =>
    oldest === null ? 0 : timeOf(settled_before) + times.grace - timeOf(oldest);

  return {
    dropped: (drops) => {
      for (const { reason } of drops) dropped.inc({ reason });
      if (drops.length > 0) log.info({ drops }, 'the reconciler dropped claims');
    },
    walked,
    notReconciled: (error) => log.warn({ err: error }, 'the reconciler failed; trying again later'),
  };
}
