import type { WalkReport } from './report.ts';
import type { Drop } from './settle.ts';

/** What is worth counting of the reconciler. */
export interface ReconcilerEvents {
  /** Rows were dropped from a copy. */
  dropped: (drops: Drop[]) => void;
  /** A walk, or a comparison of what is new, has ended, or stopped on its way, after so many milliseconds. */
  walked: (report: WalkReport, ms: number) => void;
  /** Something kept it from its work, which it tries again. */
  notReconciled: (error: unknown) => void;
}
