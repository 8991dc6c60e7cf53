import { maxClaimsOfSlice } from '@attendance/common/contract/reconciliation';
import type { AskedOwner } from '../ask.ts';
import type { Dependencies } from '../dependencies.ts';
import { compareCopies, type CompareSizes, type HalfClaim } from './compare.ts';
import { createCopy, type Copies } from './copies.ts';
import { tooMany } from './guard.ts';
import { readPairing } from './pairing.ts';
import { settle, type Drop } from './settle.ts';
import { Sleeper, Stopped } from './sleeper.ts';
import { walk, type Mode, type WalkOptions, type WalkReport } from './walk.ts';

export interface ReconcilerParts {
  author: Pick<AskedOwner<unknown>, 'readPair'>;
  conference: Pick<AskedOwner<unknown>, 'readPair'>;
  world: Dependencies;
}

export type RunOptions = Pick<WalkOptions, 'onProgress'> & { mode: Mode };

export type Reconciler = ReturnType<typeof createReconciler>;

const defaultSizes: CompareSizes = { slice: maxClaimsOfSlice, list: 256 };

/** Between two slices it rests for so many times as long as the slice took: it has a fifth of a connection at most. */
const rest = 4;

/**
 * Anti-entropy: brings the two copies together again where crashes and lost requests left them apart. A claim that
 * only one copy holds is invisible, so that nobody waits for this; but it takes up room, and what is left of pairs
 * that are added again and again would fill them. It may run anywhere, any number of times at once: whatever one of
 * them drops the others find gone.
 */
export function createReconciler({ author, conference, world }: ReconcilerParts, sizes = defaultSizes) {
  const { newId, now, times, events } = world;
  const sleeper = new Sleeper(world);
  /** How far the last complete walk and what came after it have compared, and what that was about. */
  let reached: { settled_before: string; claims: number; half: number } | null = null;

  const pause = () => sleeper.sleep(times.compare);
  const createCopies = (): Copies => {
    const common = { world, requestId: `reconciler-${newId()}`, pause };
    return {
      author: createCopy({ owner: world.author, asked: author, ...common }),
      conference: createCopy({ owner: world.conference, asked: conference, ...common }),
    };
  };

  /** One walk through all claims, as fast as the copies answer. */
  async function run({ mode, ...options }: RunOptions & Pick<WalkOptions, 'pace'>): Promise<WalkReport> {
    const began = now();
    const report = await walk(createCopies(), { sizes, mode, onDropped: events.dropped, ...options });
    events.walked(report, now() - began);
    return report;
  }

  async function walkOnce(): Promise<void> {
    let began = now();
    const pace = async () => {
      await sleeper.sleep((now() - began) * rest);
      began = now();
    };
    const { outcome, settled_before, claims, half } = await run({ mode: 'guarded', pace });
    if (outcome === 'reconciled') reached = { settled_before, claims, half };
    if (outcome === 'stopped') reached = null;
  }

  /** Compares the claims that have been settled since the last time. Where something is wrong, the next walk says so. */
  async function compareNew(): Promise<void> {
    // a walk may end meanwhile, and say something else
    const since = reached;
    if (!since) return;
    const copies = createCopies();
    const pairing = await readPairing(copies);
    if (!pairing.introduced || pairing.mismatch !== null) return;
    const half: HalfClaim[] = [];
    const range = { from: since.settled_before, to: pairing.settled_before };
    for await (const slice of compareCopies(range, copies, sizes)) {
      half.push(...slice.half);
      since.claims += slice.claims;
      since.half += slice.half.length;
      if (tooMany(since) !== null) return;
    }
    const found = new Set(half.map(({ claim_id }) => claim_id));
    const wanted = ({ claim_id }: Drop) => found.has(claim_id);
    for await (const drops of settle(half, { ...pairing, copies, dryRun: false, wanted })) events.dropped(drops);
    since.settled_before = pairing.settled_before;
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
    /** Resolves when nothing of it runs any more. */
    stop: async () => {
      sleeper.stop();
      await running;
    },
  };
}
