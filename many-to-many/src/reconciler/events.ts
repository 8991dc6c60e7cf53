import type { Drop } from './drop.ts';
import type { ScanReport } from './report.ts';

/** What is worth counting of the reconciler. */
export interface ReconcilerEvents {
  /** Rows were dropped from a copy. */
  dropped: (drops: Drop[]) => void;
  /** A scan, or a comparison of new claims, ended after so many milliseconds, at its end or before. */
  scanned: (report: ScanReport, ms: number) => void;
  /** The reconciler met an error, and tries again later. */
  failed: (error: unknown) => void;
}
