import { earlier, firstId, timeOf, type Range } from '../claimIds.ts';
import type { Pair } from '../relation.ts';
import { compareCopies, type CompareSizes, type HalfClaim } from './compare.ts';
import { Unanswered, type Copies } from './copies.ts';
import { dropFrom, dropHalf, notOf, type Drop } from './drop.ts';
import { mostRemembered, tooMany } from './guard.ts';
import { introduce, readPairing, WrongDatabase, type Pairing } from './pairing.ts';
import { newReport, noteDropped, noteNotDropped, type ScanReport } from './report.ts';

/**
 * `guarded`: the scan trips if the databases do not belong together, or if it would drop too many claims. `accept`: a
 * person has accepted both. `dry run`: the scan changes nothing.
 */
export type Mode = 'guarded' | 'accept' | 'dry run';

/** The progress of a scan. */
export interface Progress {
  /** What the scan does now. It waits, before it compacts, until running operations have ended. */
  doing: 'comparing' | 'waiting' | 'compacting';
  /** The completed part of that, from 0 to 1. */
  part: number;
}

/** How much the reconciler does at once, and by itself. Small numbers are for tests. */
export interface ReconcilerSizes extends CompareSizes {
  /** The most half claims that a scan drops by itself, or 1 % of all claims if that is more; 1,000 by default. */
  mayDrop?: number;
}

export interface ScanOptions {
  sizes: ReconcilerSizes;
  mode: Mode;
  /** Called after every few round trips. The scan awaits it. */
  pace?: () => Promise<void>;
  onProgress?: (progress: Progress) => void;
  /** Called before compaction, when all claims have been compared and half claims have been dropped. */
  onCompared?: (report: ScanReport) => void;
  /** Resolves when every operation that was running at the time of the call has ended. Called before compaction. */
  letOthersFinish: () => Promise<void>;
  /** Called with the rows that were dropped, or would be. The scan awaits it. */
  onDropped?: (drops: Drop[]) => Promise<void> | void;
}

/** Compares all stable claims of the two copies. It drops half claims, and then surplus claims. */
export async function scan(copies: Copies, { sizes, mode, pace, ...options }: ScanOptions): Promise<ScanReport> {
  const dryRun = mode === 'dry run';
  const remembered: HalfClaim[] = [];
  /** The number of remembered claims that certainly are of entities without a mark. */
  let unexplained = 0;
  const markedNotStable: Drop[] = [];
  const report = newReport('all');

  try {
    const pairing = await readPairing(copies);
    report.stable_before = pairing.stable_before;
    if (mayContinue(pairing.mismatch)) {
      if (!pairing.introduced && !dryRun) await introduce(copies, pairing, { replace: mode === 'accept' });
      await compare(pairing);
      // of those that compare noted, some are dropped by now
      if (mode === 'guarded') report.oldest = null;
      noteNotDropped(report, [...remembered, ...markedNotStable]);
      if (mayContinue(tooMany(report, sizes.mayDrop))) {
        // only a guarded scan remembers half claims: the other modes dropped or counted them while they compared
        const { notStable } = await dropAndReport(remembered, pairing);
        if (mode === 'guarded') report.oldest = null;
        noteNotDropped(report, [...markedNotStable, ...notStable]);
        options.onCompared?.(report);
        await compact(pairing);
      }
    }
  } catch (error) {
    if (error instanceof WrongDatabase) end('wrong_database', error.message);
    else if (error instanceof Unanswered) end('unanswered', error.message);
    else throw error;
  }
  return report;

  function end(outcome: ScanReport['outcome'], reason: string): void {
    report.outcome = outcome;
    report.reason = [report.reason, reason].filter((text) => text !== null).join('; ');
  }

  /** Notes a fault, unless the mode is `accept`. @returns whether the scan continues */
  function mayContinue(fault: string | null): boolean {
    if (fault === null || mode === 'accept') return true;
    end('tripped', fault);
    return dryRun;
  }

  async function compare(pairing: Pairing): Promise<void> {
    const whole = await wholeRange(copies, pairing.stable_before);
    for await (const { range, claims, half } of compareCopies(whole, copies, sizes)) {
      report.claims += claims;
      report.half += half.length;
      if (mode !== 'accept') noteNotDropped(report, half);
      // a guarded scan drops none before the guard has counted all of them
      if (mode === 'guarded') remembered.push(...half);
      else noteNotDropped(report, (await dropAndReport(half, pairing)).notStable);
      // few half claims need no explanation
      if (tooMany({ half: remembered.length, marked: 0, claims: 0 }, sizes.mayDrop) !== null) await explain(pairing);
      if (remembered.length > mostRemembered) break;
      await progressed({ doing: 'comparing', part: partOf(whole, range.to) });
    }
  }

  /** Drops the remembered claims of entities that are marked as deleted, and remembers the others. */
  async function explain(pairing: Pairing): Promise<void> {
    const { notStable, others } = await dropAndReport(remembered.splice(unexplained), pairing, { onlyMarked: true });
    markedNotStable.push(...notStable);
    remembered.push(...others);
    unexplained = remembered.length;
  }

  /**
   * @returns the rows that were not dropped because they are not stable in their copy, and the claims of entities that
   *   are not marked as deleted
   */
  async function dropAndReport(
    half: HalfClaim[],
    pairing: Pairing,
    { onlyMarked = false } = {},
  ): Promise<{ notStable: Drop[]; others: HalfClaim[] }> {
    const allNotStable: Drop[] = [];
    const markedPairs: Pair[] = [];
    for await (const { dropped, notStable, marked } of dropHalf(half, {
      ...pairing,
      copies,
      dryRun,
      onlyMarked,
      pace,
    })) {
      allNotStable.push(...notStable);
      markedPairs.push(...marked);
      await reportDropped(dropped);
    }
    const others = notOf(markedPairs, half);
    report.marked += half.length - others.length;
    return { notStable: allNotStable, others };
  }

  async function compact(pairing: Pairing): Promise<void> {
    const { stable_before } = pairing;
    const wanted = ({ reason }: Drop) => reason === 'surplus';
    let seen = 0;
    let waited = dryRun;
    for (let after: Pair | null | undefined; after !== null;) {
      // one copy is enough, because both copies hold a surplus claim
      const page = await copies.right.listSurplus({ after: after ?? null, stable_before, claims: sizes.slice });
      if (page.pairs.length > 0 && !waited) {
        // a running read or remove may not have seen a claim that appeared late, because its commit hung
        options.onProgress?.({ doing: 'waiting', part: 0 });
        await options.letOthersFinish();
        waited = true;
      }
      const dropping = { ...pairing, copies, dryRun, wanted, pace };
      for await (const { dropped } of dropFrom(page.pairs, dropping)) await reportDropped(dropped);
      after = page.next;
      seen += sizes.slice;
      await progressed({ doing: 'compacting', part: after === null ? 1 : Math.min(1, seen / report.claims) });
    }
  }

  async function reportDropped(drops: Drop[]): Promise<void> {
    noteDropped(report, drops);
    await options.onDropped?.(drops);
  }

  async function progressed(progress: Progress): Promise<void> {
    options.onProgress?.(progress);
    await pace?.();
  }
}

/** Returns the range from the first claim of either copy up to `to`. */
async function wholeRange({ left, right }: Copies, to: string): Promise<Range> {
  const first = { from: firstId, to, limit: 1 };
  const lists = await Promise.all([left.listClaims(first), right.listClaims(first)]);
  return { from: lists.map(({ claims }) => claims[0]?.claim_id ?? to).reduce(earlier), to };
}

function partOf({ from, to }: Range, at: string): number {
  const [start, end] = [timeOf(from), timeOf(to)];
  return end > start ? (timeOf(at) - start) / (end - start) : 1;
}
