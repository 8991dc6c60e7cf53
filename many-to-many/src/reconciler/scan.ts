import { earlier, firstId, timeOf, type Range } from '../claimIds.ts';
import type { Pair } from '../relation.ts';
import { compareCopies, type CompareSizes, type HalfClaim } from './compare.ts';
import { Unanswered, type Copies } from './copies.ts';
import { dropFrom, dropHalf, type Drop } from './drop.ts';
import { mostRemembered, tooMany } from './guard.ts';
import { introduce, readPairing, WrongDatabase, type Pairing } from './pairing.ts';
import { newReport, noteDropped, noteLeft, type ScanReport } from './report.ts';

/**
 * `guarded` trips if the databases do not belong together or too much would be dropped. `accept` takes both for what a
 * person wants. `dry run` changes nothing.
 */
export type Mode = 'guarded' | 'accept' | 'dry run';

/** How far a scan has come. */
export interface Progress {
  /** Comparing claims, waiting until running operations are over, or compacting. */
  doing: 'comparing' | 'waiting' | 'compacting';
  /** The part that is done, from 0 to 1. */
  part: number;
}

export interface ScanOptions {
  sizes: CompareSizes;
  mode: Mode;
  /** Called after each few round trips, and waited for. */
  pace?: () => Promise<void>;
  onProgress?: (progress: Progress) => void;
  /** Called when all claims are compared and half claims are dropped, before compaction. */
  onCompared?: (report: ScanReport) => void;
  /** Resolves when all that was running when it was called is over. Called before compaction. */
  letOthersFinish: () => Promise<void>;
  /** Called with the rows that were dropped, or would be, and waited for. */
  onDropped?: (drops: Drop[]) => Promise<void> | void;
}

/** Compares all stable claims of the two copies, drops half claims, then surplus claims. */
export async function scan(copies: Copies, { sizes, mode, pace, ...options }: ScanOptions): Promise<ScanReport> {
  const dryRun = mode === 'dry run';
  const remembered: HalfClaim[] = [];
  const report = newReport('all');

  try {
    const pairing = await readPairing(copies);
    report.stable_before = pairing.stable_before;
    if (mayGoOn(pairing.mismatch)) {
      if (!pairing.introduced && !dryRun) await introduce(copies, pairing, { replace: mode === 'accept' });
      await compare(pairing);
      // the other modes have dropped, or counted, the half claims on their way
      if (mayGoOn(tooMany(report))) {
        const left = await dropAndReport(remembered, pairing);
        // until here any of them might have been left
        if (mode === 'guarded') report.oldest = null;
        noteLeft(report, left);
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

  function mayGoOn(fault: string | null): boolean {
    if (fault === null || mode === 'accept') return true;
    end('tripped', fault);
    return dryRun;
  }

  async function compare(pairing: Pairing): Promise<void> {
    const whole = await wholeRange(copies, pairing.stable_before);
    for await (const { range, claims, half } of compareCopies(whole, copies, sizes)) {
      report.claims += claims;
      report.half += half.length;
      if (mode !== 'accept') noteLeft(report, half);
      // the guard decides on all half claims before it lets any be dropped
      if (mode === 'guarded') remembered.push(...half);
      else noteLeft(report, await dropAndReport(half, pairing));
      if (remembered.length > mostRemembered) return;
      await progressed({ doing: 'comparing', part: partOf(whole, range.to) });
    }
  }

  /** @returns the rows that were left because a copy says that they are not stable */
  async function dropAndReport(half: HalfClaim[], pairing: Pairing): Promise<Drop[]> {
    const allLeft: Drop[] = [];
    for await (const { dropped, left } of dropHalf(half, { ...pairing, copies, dryRun, pace })) {
      allLeft.push(...left);
      await reportDropped(dropped);
    }
    return allLeft;
  }

  async function compact(pairing: Pairing): Promise<void> {
    const { stable_before } = pairing;
    const wanted = ({ reason }: Drop) => reason === 'surplus';
    let seen = 0;
    let waited = dryRun;
    for (let after: Pair | null | undefined; after !== null;) {
      // one copy is enough: what only the other holds is a half claim
      const page = await copies.right.listSurplus({ after: after ?? null, stable_before, claims: sizes.slice });
      if (page.pairs.length > 0 && !waited) {
        // a reader that has looked already may have missed a claim whose commit hung for long
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

/** From the first claim that either copy holds. */
async function wholeRange({ left, right }: Copies, to: string): Promise<Range> {
  const first = { from: firstId, to, limit: 1 };
  const lists = await Promise.all([left.listClaims(first), right.listClaims(first)]);
  return { from: lists.map(({ claims }) => claims[0]?.claim_id ?? to).reduce(earlier), to };
}

function partOf({ from, to }: Range, at: string): number {
  const [start, end] = [timeOf(from), timeOf(to)];
  return end > start ? (timeOf(at) - start) / (end - start) : 1;
}
