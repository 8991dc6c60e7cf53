import { earlier, firstId, timeOf, type Range } from '../claimIds.ts';
import type { Pair } from '../relation.ts';
import { compareCopies, type CompareSizes, type HalfClaim } from './compare.ts';
import { Unanswered, type Copies } from './copies.ts';
import { dropFrom, dropHalf, type Drop } from './drop.ts';
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

export interface ScanOptions {
  sizes: CompareSizes;
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
  const report = newReport('all');

  try {
    const pairing = await readPairing(copies);
    report.stable_before = pairing.stable_before;
    if (mayContinue(pairing.mismatch)) {
      if (!pairing.introduced && !dryRun) await introduce(copies, pairing, { replace: mode === 'accept' });
      await compare(pairing);
      if (mayContinue(tooMany(report))) {
        // only a guarded scan remembers half claims: the other modes dropped or counted them while they compared
        const notStable = await dropAndReport(remembered, pairing);
        // compare noted the remembered claims as not dropped
        if (mode === 'guarded') report.oldest = null;
        noteNotDropped(report, notStable);
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
      else noteNotDropped(report, await dropAndReport(half, pairing));
      if (remembered.length > mostRemembered) return;
      await progressed({ doing: 'comparing', part: partOf(whole, range.to) });
    }
  }

  /** @returns the rows that were not dropped, because they are not stable in their copy */
  async function dropAndReport(half: HalfClaim[], pairing: Pairing): Promise<Drop[]> {
    const allNotStable: Drop[] = [];
    for await (const { dropped, notStable } of dropHalf(half, { ...pairing, copies, dryRun, pace })) {
      allNotStable.push(...notStable);
      await reportDropped(dropped);
    }
    return allNotStable;
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
