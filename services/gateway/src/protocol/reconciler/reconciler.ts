import { maxClaimsOfSlice } from '@attendance/common/contract/reconciliation';
import type { Dependencies } from '../dependencies.ts';
import { compareCopies, type CompareSizes, type HalfClaim } from './compare.ts';
import { askCopy, type Copies } from './copies.ts';
import { tooMany } from './guard.ts';
import { readPairing } from './pairing.ts';
import { newReport, noteDropped, noteLeft, type WalkReport } from './report.ts';
import { settleHalf, type Drop } from './settle.ts';
import { Sleeper, Stopped } from './sleeper.ts';
import { walk, type Mode, type WalkOptions } from './walk.ts';

/** `onDropped` is told what would be dropped too, and waited for. */
export type RunOptions = Pick<WalkOptions, 'onProgress' | 'onDropped'> & { mode: Mode };

export type Reconciler = ReturnType<typeof createReconciler>;

const defaultSizes: CompareSizes = { slice: maxClaimsOfSlice, list: 256 };

/**
 * After each step it rests for so many times as long as the step took, so that beside requests it has a fifth of the
 * time; but no longer than between two comparisons, or a walk that meets faults may outlast its gateway.
 */
const rest = 4;

/**
 * Anti-entropy: brings the two copies together again where crashes and lost requests left them apart. A claim that
 * only one copy holds is invisible, so that nobody waits for this; but it takes up room, and what is left of pairs
 * that are added again and again would fill them. It may run anywhere, any number of times at once: whatever one of
 * them drops the others find gone.
 */
export function createReconciler(world: Dependencies, sizes = defaultSizes) {
  const { newId, now, times, events } = world;
  const sleeper = new Sleeper(world);
  /** How far the last walk and what came after it have compared, and what that was about. */
  let reached: { settled_before: string; claims: number; half: number } | null = null;

  /** A remove may retire what it saw until it expires; nothing takes longer. */
  const letOthersFinish = () => sleeper.sleep(times.expiry + times.skew + times.public);
  const pause = () => sleeper.sleep(times.compare);
  const askCopies = (): Copies => {
    const common = { world, requestId: `reconciler-${newId()}`, goOn: () => sleeper.stayAwake(), pause };
    return {
      author: askCopy({ owner: world.author, ...common }),
      conference: askCopy({ owner: world.conference, ...common }),
    };
  };
  /** Rests after what was done since it rested last. */
  const createPace = () => {
    let began = now();
    return async () => {
      await sleeper.sleep(Math.min((now() - began) * rest, times.compare));
      began = now();
    };
  };

  /** One walk through all claims, as fast as the copies answer. */
  async function run(options: RunOptions & Pick<WalkOptions, 'pace' | 'onCompared'>): Promise<WalkReport> {
    const began = now();
    const onDropped = (drops: Drop[]) => {
      if (options.mode !== 'dry run') events.dropped(drops);
      return options.onDropped?.(drops);
    };
    const report = await walk(askCopies(), { sizes, letOthersFinish, ...options, onDropped });
    events.walked(report, now() - began);
    return report;
  }

  async function walkOnce(): Promise<void> {
    const onCompared = ({ settled_before, claims, half }: WalkReport) => {
      reached = { settled_before, claims, half };
    };
    const { outcome } = await run({ mode: 'guarded', pace: createPace(), onCompared });
    if (outcome === 'stopped' || outcome === 'wrong_database') reached = null;
  }

  /** Compares the claims that have been settled since. Where something is wrong it is left to the next walk to say so. */
  async function compareNew(): Promise<void> {
    // a walk may end meanwhile, and say something else
    const since = reached;
    if (!since) return;
    const began = now();
    const copies = askCopies();
    const pairing = await readPairing(copies);
    if (!pairing.introduced || pairing.mismatch !== null) return;
    const pace = createPace();
    const found: HalfClaim[] = [];
    const report = { ...newReport('new'), settled_before: pairing.settled_before };
    const soFar = () => ({ claims: since.claims + report.claims, half: since.half + report.half });
    const range = { from: since.settled_before, to: pairing.settled_before };
    for await (const slice of compareCopies(range, copies, sizes)) {
      found.push(...slice.half);
      report.claims += slice.claims;
      report.half = found.length;
      if (tooMany(soFar()) !== null) {
        reached = null;
        return;
      }
      await pace();
    }
    // compaction is left to the walks, which take their time
    for await (const { dropped, left } of settleHalf(found, { ...pairing, copies, dryRun: false, pace })) {
      noteDropped(report, dropped);
      noteLeft(report, left);
      events.dropped(dropped);
    }
    Object.assign(since, { ...soFar(), settled_before: pairing.settled_before });
    events.walked(report, now() - began);
  }

  /** Again and again, until it is stopped. */
  async function repeat(work: () => Promise<void>, interval: number): Promise<void> {
    try {
      for (;;) {
        await work().catch((error: unknown) => {
          if (error instanceof Stopped) throw error;
          events.notReconciled(error);
        });
        await sleeper.sleep(interval);
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  let running: Promise<unknown> = Promise.resolve();
  return {
    run,
    start: () => {
      running = Promise.all([repeat(walkOnce, times.walk), repeat(compareNew, times.compare)]);
    },
    /** Resolves when it has given up what it was doing; single calls may still be under way. */
    stop: async () => {
      sleeper.stop();
      await running;
    },
  };
}
