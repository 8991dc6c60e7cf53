import { compareCopies, type CompareSizes, type HalfClaim } from './compare.ts';
import { Unanswered, type Copies } from './copies.ts';
import { mostRemembered, tooMany } from './guard.ts';
import { earlier, firstId, timeOf, type Range } from './ids.ts';
import { introduce, readPairing, WrongDatabase, type Pairing } from './pairing.ts';
import { newReport, noteDropped, noteLeft, type WalkReport } from './report.ts';
import { settle, settleHalf, type Drop } from './settle.ts';

/**
 * `guarded` stops where the databases do not belong together or too much would be dropped; `accept` takes both for
 * what a person wants; `dry run` changes nothing.
 */
export type Mode = 'guarded' | 'accept' | 'dry run';

export interface Progress {
  doing: 'comparing' | 'waiting' | 'compacting';
  /** From 0 to 1. */
  part: number;
}

export interface WalkOptions {
  sizes: CompareSizes;
  mode: Mode;
  /** Called after each few round trips, and waited for. */
  pace?: () => Promise<void>;
  onProgress?: (progress: Progress) => void;
  /** Called when it has compared everything and dropped what is half, and compaction is left. */
  onCompared?: (report: WalkReport) => void;
  /** Resolves when whatever had begun when it was called is over; called before anything is compacted. */
  letOthersFinish: () => Promise<void>;
  /** Called with what was dropped, or would be, and waited for. */
  onDropped?: (drops: Drop[]) => Promise<void> | void;
}

/** Compares all settled claims of the two copies, drops those that only one of them holds, then those to spare. */
export async function walk(copies: Copies, { sizes, mode, pace, ...options }: WalkOptions): Promise<WalkReport> {
  const dryRun = mode === 'dry run';
  const remembered: HalfClaim[] = [];
  const report = newReport('all');

  try {
    const pairing = await readPairing(copies);
    report.settled_before = pairing.settled_before;
    if (mayGoOn(pairing.mismatch)) {
      if (!pairing.introduced && !dryRun) await introduce(copies, pairing, { replace: mode === 'accept' });
      await compare(pairing);
      // the others have dropped, or counted, what they met
      if (mayGoOn(tooMany(report))) {
        const left = await dropHalf(remembered, pairing);
        // up to here it might have been any of them
        if (mode === 'guarded') report.oldest = null;
        noteLeft(report, left);
        options.onCompared?.(report);
        await compact(pairing);
      }
    }
  } catch (error) {
    if (error instanceof WrongDatabase) stop('wrong_database', error.message);
    else if (error instanceof Unanswered) stop('unanswered', error.message);
    else throw error;
  }
  return report;

  function stop(outcome: WalkReport['outcome'], reason: string): void {
    report.outcome = outcome;
    report.reason = [report.reason, reason].filter((text) => text !== null).join('; ');
  }

  function mayGoOn(fault: string | null): boolean {
    if (fault === null || mode === 'accept') return true;
    stop('stopped', fault);
    return dryRun;
  }

  async function compare(pairing: Pairing): Promise<void> {
    const whole = await wholeRange(copies, pairing.settled_before);
    for await (const { range, claims, half } of compareCopies(whole, copies, sizes)) {
      report.claims += claims;
      report.half += half.length;
      if (mode !== 'accept') noteLeft(report, half);
      // nothing is dropped before all that would be is known
      if (mode === 'guarded') remembered.push(...half);
      else noteLeft(report, await dropHalf(half, pairing));
      if (remembered.length > mostRemembered) return;
      await told({ doing: 'comparing', part: partOf(whole, range.to) });
    }
  }

  /** @returns what it left because a copy takes it for too young */
  async function dropHalf(half: HalfClaim[], pairing: Pairing): Promise<Drop[]> {
    const allLeft: Drop[] = [];
    for await (const { dropped, left } of settleHalf(half, { ...pairing, copies, dryRun, pace })) {
      allLeft.push(...left);
      await tellDropped(dropped);
    }
    return allLeft;
  }

  async function compact(pairing: Pairing): Promise<void> {
    const { settled_before } = pairing;
    const wanted = ({ reason }: Drop) => reason === 'surplus';
    let seen = 0;
    let waited = dryRun;
    for (let after: { event_id: string; author_id: string } | null | undefined; after !== null;) {
      // asked of one copy, for what only the other holds is half
      const page = await copies.author.listSurplus({ after: after ?? null, settled_before, claims: sizes.slice });
      if (page.pairs.length > 0 && !waited) {
        // who has looked already may have missed a claim whose commit hung for long
        options.onProgress?.({ doing: 'waiting', part: 0 });
        await options.letOthersFinish();
        waited = true;
      }
      const settling = { ...pairing, copies, dryRun, wanted, pace };
      for await (const { dropped } of settle(page.pairs, settling)) await tellDropped(dropped);
      after = page.next;
      seen += sizes.slice;
      await told({ doing: 'compacting', part: after === null ? 1 : Math.min(1, seen / report.claims) });
    }
  }

  async function tellDropped(drops: Drop[]): Promise<void> {
    noteDropped(report, drops);
    await options.onDropped?.(drops);
  }

  async function told(progress: Progress): Promise<void> {
    options.onProgress?.(progress);
    await pace?.();
  }
}

/** From the first claim that either copy holds. */
async function wholeRange({ author, conference }: Copies, to: string): Promise<Range> {
  const first = { from: firstId, to, limit: 1 };
  const lists = await Promise.all([author.listClaims(first), conference.listClaims(first)]);
  return { from: lists.map(({ claims }) => claims[0]?.claim_id ?? to).reduce(earlier), to };
}

function partOf({ from, to }: Range, at: string): number {
  const [start, end] = [timeOf(from), timeOf(to)];
  return end > start ? (timeOf(at) - start) / (end - start) : 1;
}
