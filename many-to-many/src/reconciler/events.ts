import type { Drop } from './drop.ts';
import type { ScanReport } from './report.ts';

/** Functions that the reconciler calls, for metrics and logs. None of them may throw. */
export interface ReconcilerEvents {
  /** Rows were dropped from a copy. */
  dropped: (drops: Drop[]) => void;
  /** A scan, or a comparison of new claims, has ended. It took `ms` milliseconds, and need not be complete. */
  scanned: (report: ScanReport, ms: number) => void;
  /** An error ended a scan or a comparison. The reconciler tries again later. */
  failed: (error: unknown) => void;
}
