import { createTimes } from '@attendance/common/times';
import type { Dependencies } from '@attendance/gateway-service/protocol/dependencies';
import { NotExecuted } from '@attendance/gateway-service/protocol/failures';
import type { ReconcilerEvents } from '@attendance/gateway-service/protocol/reconciler/events';
import { createReconciler } from '@attendance/gateway-service/protocol/reconciler/reconciler';
import type { Drop } from '@attendance/gateway-service/protocol/reconciler/settle';
import type { WalkReport } from '@attendance/gateway-service/protocol/reconciler/report';
import { v7 } from 'uuid';
import { Clock } from '../../services/gateway/test/protocol/clock.ts';
import { watch } from '../../services/gateway/test/protocol/world.ts';
import { sampleAuthor, sampleConference, sampleEvent } from '../../verification/simulation/entities.ts';
import type { MemoryCopy } from '../../verification/simulation/owner/copy.ts';
import { createMemoryAuthors, createMemoryConferences } from '../../verification/simulation/owner/memoryOwner.ts';
import { atOnce } from '../../verification/simulation/owner/statements.ts';

export const times = createTimes();

export type Side = 'author' | 'conference';

type Operation = (items: unknown[]) => Promise<unknown[]>;

export interface MemoryOptions {
  slice?: number;
  list?: number;
  events?: number;
  authors?: number;
  /** Told instead of `told`. */
  observer?: ReconcilerEvents;
}

/** Two owners in memory, and reconcilers over them; time passes only in `time.advance` and `finish`. */
export function createMemory({ slice = 3, list = 2, events = 2, authors = 2, observer }: MemoryOptions = {}) {
  const time = new Clock();
  const epoch = 1_700_000_000_000;
  const clock = () => epoch + time.now();
  /** Milliseconds that an owner's clock is ahead. */
  const ahead: Record<Side, number> = { author: 0, conference: 0 };
  const owners = {
    author: createMemoryAuthors({ clock: () => clock() + ahead.author, times }),
    conference: createMemoryConferences({ clock: () => clock() + ahead.conference, times }),
  };
  const copies: Record<Side, MemoryCopy<{ id: string }>> = {
    author: owners.author.copy,
    conference: owners.conference.copy,
  };
  const series = sampleConference(v7());
  const ids = {
    authors: Array.from({ length: authors }, () => v7()).sort(),
    events: Array.from({ length: events }, () => v7()).sort(),
  };
  for (const id of ids.authors) owners.author.copy.entities.set(id, sampleAuthor(id));
  for (const id of ids.events) owners.conference.copy.entities.set(id, sampleEvent(id, series));

  /** Calls of the owners' operations, by name. */
  const calls: Record<string, number> = {};
  /** A side, or a side and an operation, that does not answer. */
  const silent = new Set<string>();
  /** Operations of the conference service that another database answers: empty, and of another identity. */
  const elsewhere = new Set<string>();
  const stranger = createMemoryConferences({ clock, times });
  stranger.copy.identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
  const other = atOnce(stranger.operations) as unknown as Record<string, Operation>;
  /** Milliseconds that each call takes. */
  const network = { latency: 0 };
  const reached = <O extends object>(side: Side, owner: O): O => {
    const operations = (Object.entries(owner) as [string, Operation][]).map(([name, operation]) => {
      const call: Operation = async (items) => {
        calls[name] = (calls[name] ?? 0) + 1;
        if (silent.has(side) || silent.has(`${side} ${name}`)) throw new NotExecuted(`${side} is silent`);
        if (network.latency > 0) await new Promise<void>((resolve) => time.timer(network.latency, resolve));
        const answering = side === 'conference' && elsewhere.has(name) ? other[name]! : operation;
        return answering(items);
      };
      return [name, call] as const;
    });
    return Object.fromEntries(operations) as O;
  };

  const told = { dropped: [] as Drop[], walks: [] as WalkReport[], failures: [] as unknown[] };
  const world: Dependencies = {
    author: reached('author', atOnce(owners.author.operations)),
    conference: reached('conference', atOnce(owners.conference.operations)),
    now: time.now,
    newId: () => v7(),
    timer: time.timer,
    turn: time.turn,
    times,
    events: {
      added: () => undefined,
      removed: () => undefined,
      withdrawn: () => undefined,
      stranded: () => undefined,
      dropped: (drops) => void told.dropped.push(...drops),
      walked: (report) => {
        if (report.through === 'all') told.walks.push(report);
      },
      notReconciled: (error) => void told.failures.push(error),
      ...observer,
    },
  };

  return {
    copies,
    ids,
    ahead,
    calls,
    silent,
    elsewhere,
    network,
    told,
    time,
    reconciler: () => createReconciler(world, { slice, list }),
    claimId: (ageMs: number) => v7({ msecs: clock() - ageMs }),
    put: (side: Side, claim_id: string, pair: { event: string; author: string }, retired = false) => {
      const [owned, foreign] = side === 'author' ? [pair.author, pair.event] : [pair.event, pair.author];
      copies[side].claims.set(claim_id, { claim_id, owned, foreign, retired });
    },
    /** The claims that a copy holds, in order. */
    held: (side: Side) =>
      [...copies[side].claims.values()]
        .filter(({ retired }) => !retired)
        .map(({ claim_id }) => claim_id)
        .sort(),
    /** What a promise gives, however much time has to pass for it. */
    finish: async <Result>(promise: Promise<Result>): Promise<Result> => {
      const watched = watch(promise);
      while (!watched.settled) await time.advance(1_000);
      return promise;
    },
  };
}
