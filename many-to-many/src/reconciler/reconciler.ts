import type { Environment } from '../environment.ts';
import { maxClaimsOfSlice } from '../operations.ts';
import type { Pair } from '../relation.ts';
import { finalAfterMs, type Times } from '../times.ts';
import { compareCopies, type HalfClaim } from './compare.ts';
import { askPatiently, type Copies, type AskedCopy } from './copies.ts';
import { dropHalf, notOf, type Drop, type Dropped } from './drop.ts';
import type { ReconcilerEvents } from './events.ts';
import { tooMany } from './guard.ts';
import { readPairing } from './pairing.ts';
import { newReport, noteDropped, noteNotDropped, type ScanReport } from './report.ts';
import { scan, type Mode, type Progress, type ReconcilerSizes, type ScanOptions } from './scan.ts';
import { Sleeper, Stopped } from './sleeper.ts';

/** The options of one scan. */
export interface RunOptions {
  /** What the scan may change. */
  mode: Mode;
  /** Called each time when the scan has made progress. */
  onProgress?: (progress: Progress) => void;
  /** Called with the rows that were dropped, or would be. The scan awaits it. */
  onDropped?: (drops: Drop[]) => Promise<void> | void;
}

/** Deletes half claims and surplus claims. */
export interface Reconciler {
  /** Runs one scan of all claims without rests. If a copy does not answer, the report says so. */
  run: (options: RunOptions) => Promise<ScanReport>;
  /** Scans all claims, and compares new ones, again and again until `stop`. */
  start: () => void;
  /** Stops the reconciler. It resolves when no scan is running; single calls may still be in flight. */
  stop: () => Promise<void>;
}

interface ReconcilerParts extends Environment {
  left: AskedCopy;
  right: AskedCopy;
  times: Times;
  events: ReconcilerEvents;
  sizes?: ReconcilerSizes;
}

const defaultSizes: ReconcilerSizes = { slice: maxClaimsOfSlice, list: 256 };

/**
 * After each step, the reconciler rests for this many times the duration of the step, so that requests have four fifths
 * of the time. A rest is never longer than the pause between two comparisons. Otherwise a scan that meets faults might
 * not end within the life of its gateway.
 */
const restFactor = 4;

/**
 * Makes the reconciler, which makes the two copies equal again after crashes and lost requests (anti-entropy). Half claims
 * are invisible, so no reader waits for it; but they take up room. Any number of reconcilers may run at once, because a
 * claim that one of them has dropped is absent for the others.
 */
export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { left, right, times, events, sizes = defaultSizes, newId, now } = parts;
  const sleeper = new Sleeper(parts);
  /** The last scan and the comparisons after it: where they ended, and the numbers of claims that they compared. */
  let reached: Pick<ScanReport, 'stable_before' | 'claims' | 'half' | 'marked'> | null = null;

  // the longest operation is a remove, which may retire claims until it expires
  const letOthersFinish = () => sleeper.sleep(finalAfterMs(times));
  const pause = () => sleeper.sleep(times.compareEveryMs);
  const askCopies = (): Copies => {
    const patience = { requestId: `reconciler-${newId()}`, goOn: () => sleeper.stayAwake(), pause };
    return { left: askPatiently(left, patience), right: askPatiently(right, patience) };
  };
  /** Makes a function that rests in proportion to the time since its last rest. */
  const createPace = () => {
    let began = now();
    return async () => {
      await sleeper.sleep(Math.min((now() - began) * restFactor, times.compareEveryMs));
      began = now();
    };
  };

  async function run(options: RunOptions & Pick<ScanOptions, 'pace' | 'onCompared'>): Promise<ScanReport> {
    const began = now();
    const onDropped = (drops: Drop[]) => {
      if (options.mode !== 'dry run') events.dropped(drops);
      return options.onDropped?.(drops);
    };
    const report = await scan(askCopies(), { sizes, letOthersFinish, ...options, onDropped });
    events.scanned(report, now() - began);
    return report;
  }

  async function scanOnce(): Promise<void> {
    const onCompared = ({ stable_before, claims, half, marked }: ScanReport) => {
      reached = { stable_before, claims, half, marked };
    };
    const { outcome } = await run({ mode: 'guarded', pace: createPace(), onCompared });
    if (outcome === 'tripped' || outcome === 'wrong_database') reached = null;
  }

  /** Compares the claims that have become stable since the last scan or comparison. The next scan reports any fault. */
  async function compareNew(): Promise<void> {
    // a scan may end during this comparison, and replace it
    const since = reached;
    if (!since) return;
    const began = now();
    const copies = askCopies();
    const pairing = await readPairing(copies);
    if (!pairing.introduced || pairing.mismatch !== null) return;
    const pace = createPace();
    const found: HalfClaim[] = [];
    /** The number of found claims that certainly are of entities without a mark. */
    let unexplained = 0;
    const report = { ...newReport('new'), stable_before: pairing.stable_before };
    const soFar = () => ({
      claims: since.claims + report.claims,
      half: since.half + report.half,
      marked: since.marked + report.marked,
    });
    const dropping = { ...pairing, copies, dryRun: false, pace };
    const noteAll = ({ dropped, notStable }: Dropped) => {
      noteDropped(report, dropped);
      noteNotDropped(report, notStable);
      events.dropped(dropped);
    };
    /** Drops the claims of entities that are marked as deleted: the others remain in `found`. */
    const explain = async () => {
      const asked = found.splice(unexplained);
      const marked: Pair[] = [];
      for await (const dropped of dropHalf(asked, { ...dropping, onlyMarked: true })) {
        marked.push(...dropped.marked);
        noteAll(dropped);
      }
      found.push(...notOf(marked, asked));
      report.marked += asked.length - (found.length - unexplained);
      unexplained = found.length;
    };
    const range = { from: since.stable_before, to: pairing.stable_before };
    for await (const slice of compareCopies(range, copies, sizes)) {
      found.push(...slice.half);
      report.claims += slice.claims;
      report.half += slice.half.length;
      if (tooMany(soFar(), sizes.mayDrop) !== null) await explain();
      if (tooMany(soFar(), sizes.mayDrop) !== null) {
        reached = null;
        return;
      }
      await pace();
    }
    // only scans compact, because compaction has to wait first
    for await (const dropped of dropHalf(found, dropping)) noteAll(dropped);
    Object.assign(since, { ...soFar(), stable_before: pairing.stable_before });
    events.scanned(report, now() - began);
  }

  async function repeat(work: () => Promise<void>, everyMs: number): Promise<void> {
    try {
      for (;;) {
        await work().catch((error: unknown) => {
          if (error instanceof Stopped) throw error;
          events.failed(error);
        });
        await sleeper.sleep(everyMs);
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  let running: Promise<unknown> = Promise.resolve();
  return {
    run,
    start: () => {
      running = Promise.all([repeat(scanOnce, times.scanEveryMs), repeat(compareNew, times.compareEveryMs)]);
    },
    stop: async () => {
      sleeper.stop();
      await running;
    },
  };
}
