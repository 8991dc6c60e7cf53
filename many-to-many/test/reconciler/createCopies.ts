import { uuidv7At } from '../../src/claimIds.ts';
import { createRelation } from '../../src/createRelation.ts';
import { NotExecuted } from '../../src/outcome.ts';
import type { Drop } from '../../src/reconciler/drop.ts';
import type { ReconcilerEvents } from '../../src/reconciler/events.ts';
import type { ScanReport } from '../../src/reconciler/report.ts';
import type { Pair, SideName } from '../../src/relation.ts';
import { createMemoryCopy } from '../../src/testing/memory/createMemoryCopy.ts';
import { atOnce } from '../../src/testing/memory/statements.ts';
import { createTimes } from '../../src/times.ts';
import { Clock } from '../gateway/clock.ts';
import { watch } from '../gateway/createGateway.ts';
import { enrolment, newId, sampleCourse, sampleStudent } from '../gateway/samples.ts';

export const times = createTimes();

export const sides: readonly SideName[] = ['left', 'right'];

type Batch = (items: unknown[]) => Promise<unknown[]>;

interface CopiesOptions {
  slice?: number;
  list?: number;
  /** The number of entities on each side. */
  lefts?: number;
  rights?: number;
  /** Replaces the events that fill `recorded`. */
  events?: ReconcilerEvents;
}

/** Creates two copies in memory, and reconcilers of them, in virtual time. */
export function createCopies({ slice = 3, list = 2, lefts = 2, rights = 2, events }: CopiesOptions = {}) {
  const time = new Clock();
  const epoch = 1_700_000_000_000;
  const clock = () => epoch + time.now();
  /** How far the clock of each copy is ahead. */
  const clockAheadMs: Record<SideName, number> = { left: 0, right: 0 };
  const left = createMemoryCopy(enrolment.left, { clock: () => clock() + clockAheadMs.left, times });
  const right = createMemoryCopy(enrolment.right, { clock: () => clock() + clockAheadMs.right, times });
  const copies = { left: left.copy, right: right.copy };
  const ids = {
    left: Array.from({ length: lefts }, newId).sort(),
    right: Array.from({ length: rights }, newId).sort(),
  };
  for (const id of ids.left) left.copy.entities.set(id, sampleCourse(id));
  for (const id of ids.right) right.copy.entities.set(id, sampleStudent(id));

  /** The number of calls by operation. */
  const calls: Record<string, number> = {};
  /** Sides, or sides with an operation, that do not answer. */
  const unanswered = new Set<string>();
  /** Operations of the left side that an empty database of another identity answers. */
  const answeredByStranger = new Set<string>();
  const stranger = createMemoryCopy(enrolment.left, { clock, times });
  stranger.copy.identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
  const strangerOperations = atOnce(stranger.statements) as unknown as Record<string, Batch>;
  const network = { latencyMs: 0 };
  const overNetwork = <Batches extends object>(side: SideName, copy: Batches): Batches => {
    const operations = (Object.entries(copy) as [string, Batch][]).map(([name, operation]) => {
      const call: Batch = async (items) => {
        calls[name] = (calls[name] ?? 0) + 1;
        if (unanswered.has(side) || unanswered.has(`${side} ${name}`)) throw new NotExecuted(`${side} does not answer`);
        if (network.latencyMs > 0) await new Promise<void>((resolve) => time.timer(network.latencyMs, resolve));
        const answering = side === 'left' && answeredByStranger.has(name) ? strangerOperations[name]! : operation;
        return answering(items);
      };
      return [name, call] as const;
    });
    return Object.fromEntries(operations) as Batches;
  };

  const recorded = { dropped: [] as Drop[], scans: [] as ScanReport[], failures: [] as unknown[] };
  const recordingEvents: ReconcilerEvents = {
    dropped: (drops) => void recorded.dropped.push(...drops),
    scanned: (report) => {
      if (report.scope === 'all') recorded.scans.push(report);
    },
    failed: (error) => void recorded.failures.push(error),
  };
  const createReconciler = () =>
    createRelation(
      enrolment,
      { left: overNetwork('left', atOnce(left.statements)), right: overNetwork('right', atOnce(right.statements)) },
      {
        times,
        environment: { now: time.now, newId, timer: time.timer, endOfTurn: time.endOfTurn },
        events: events ?? recordingEvents,
        sizes: { slice, list },
      },
    ).reconciler;

  return {
    ...{ copies, ids, clockAheadMs, calls, unanswered, answeredByStranger, network, recorded, time, createReconciler },
    claimId: (ageMs: number) => uuidv7At(clock() - ageMs, crypto.getRandomValues(new Uint8Array(10))),
    insert: (side: SideName, claim_id: string, pair: Pair, retired = false) =>
      void copies[side].claims.set(claim_id, { claim_id, ...pair, retired }),
    /** Returns the ids of the claims of a copy, in order. */
    held: (side: SideName) =>
      [...copies[side].claims.values()]
        .filter(({ retired }) => !retired)
        .map(({ claim_id }) => claim_id)
        .sort(),
    /** Advances the time until a promise has ended. @returns its result */
    finish: async <Result>(promise: Promise<Result>): Promise<Result> => {
      const watched = watch(promise);
      while (!watched.done) await time.advance(1_000);
      return promise;
    },
  };
}
