import type { Drop } from './drop.ts';
import type { ScanReport } from './report.ts';

/** Called for metrics and logs of the reconciler. None of them may throw. */
export interface ReconcilerEvents {
  /** Rows were dropped from a copy. */
  dropped: (drops: Drop[]) => void;
  /** A scan, or a comparison of new claims, ended, complete or not. It took `ms` milliseconds. */
  scanned: (report: ScanReport, ms: number) => void;
  /** The reconciler met an error, and tries again later. */
  failed: (error: unknown) => void;
}
