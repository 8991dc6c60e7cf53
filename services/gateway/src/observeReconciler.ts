import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import { timeOf, type DropReason, type ReconcilerEvents, type ScanReport } from 'many-to-many';
import { Counter, Gauge } from 'prom-client';
import { describeDrop } from './reconcileOutput.ts';

interface Observed {
  times: Times;
  metrics: Metrics;
  log: Logger;
}

// a series that began with its first count would hide that count from `increase`
const reasons: Record<DropReason, 0> = { half: 0, entity_deleted: 0, entity_marked: 0, surplus: 0 };
const outcomes: Record<ScanReport['outcome'], 0> = { reconciled: 0, tripped: 0, wrong_database: 0, unanswered: 0 };

/** The reconciler's metrics and log lines. */
export function observeReconciler({ times, metrics, log }: Observed): ReconcilerEvents {
  const registers = [metrics.registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const seen = new Counter({
    name: 'attendance_half_claims_seen_total',
    help: 'Half claims that the reconciler saw; a claim counts again in each scan that sees it',
    registers,
  });
  const dropped = new Counter({
    name: 'attendance_claims_dropped_total',
    help: 'Rows that the reconciler dropped from a copy, by reason; a surplus claim is one row in each copy',
    labelNames: ['reason'],
    registers,
  });
  const scans = new Counter({
    name: 'attendance_scans_total',
    help: "The reconciler's scans of all claims, by outcome",
    labelNames: ['outcome'],
    registers,
  });
  for (const reason of Object.keys(reasons)) dropped.inc({ reason }, 0);
  for (const outcome of Object.keys(outcomes)) scans.inc({ outcome }, 0);
  const claims = gauge('attendance_claims', 'Claims compared by the last complete scan');
  const half = gauge('attendance_half_claims', 'Half claims seen by the last complete scan');
  const oldest = gauge(
    'attendance_half_claims_oldest_seconds',
    'Age of the oldest half claim that the last complete scan left in place; 0 if it left none',
  );
  const tripped = gauge('attendance_reconciler_tripped', '1 while the reconciler waits for a person to accept');
  /** When the newest claims that a complete scan compared became stable, by the owner services' clocks. */
  let stableAt = Date.now();
  new Gauge({
    name: 'attendance_reconciler_lag_seconds',
    help: 'Time since the newest compared claims became stable, or since the start',
    registers,
    collect() {
      this.set(Math.max(0, Date.now() - stableAt) / 1000);
    },
  });

  function scanned(report: ScanReport, ms: number): void {
    seen.inc(report.half);
    // the next scan sees what a comparison of new claims leaves
    if (report.scope === 'new') return;
    scans.inc({ outcome: report.outcome });
    if (report.outcome === 'unanswered') {
      log.warn({ report, ms }, 'an owner service did not answer the reconciler; trying again later');
      return;
    }
    claims.set(report.claims);
    half.set(report.half);
    oldest.set(ageOfOldest(report) / 1000);
    const isTripped = report.outcome !== 'reconciled';
    tripped.set(isTripped ? 1 : 0);
    if (isTripped)
      log.error({ report, ms }, 'the reconciler has tripped: see what `npm run reconcile -- --dry-run` reports');
    else {
      stableAt = timeOf(report.stable_before) + times.graceMs;
      const level = Object.values(report.dropped).some((rows) => rows > 0) ? 'info' : 'debug';
      log[level]({ report, ms }, 'the copies are reconciled');
    }
  }

  /** By the owner services' clocks: stable claims are as old as the grace period, or older. */
  const ageOfOldest = ({ oldest, stable_before }: ScanReport) =>
    oldest === null ? 0 : timeOf(stable_before) + times.graceMs - timeOf(oldest);

  return {
    dropped: (drops) => {
      for (const { reason } of drops) dropped.inc({ reason });
      // the client who deleted the entity knows which attendances went with it, and there may be millions
      const others = drops.filter(({ reason }) => reason !== 'entity_marked');
      if (others.length > 0) log.info({ drops: others.map(describeDrop) }, 'the reconciler dropped claims');
      const rows = drops.length - others.length;
      if (rows > 0) log.info({ rows }, 'the reconciler dropped claims of deleted events and authors');
    },
    scanned,
    failed: (error) => log.warn({ err: error }, 'the reconciler failed; trying again later'),
  };
}
