import type {
  InsertItem,
  InsertOutcome,
  ListByConferenceItem,
  ListByConferenceOutcome,
  ListByForeignItem,
  ListByForeignOutcome,
  ListByOwnedItem,
  ListByOwnedOutcome,
  ReadAttendeeItem,
  ReadAttendeeOutcome,
  ReadPairItem,
  ReadPairOutcome,
  RetireItem,
  RetireOutcome,
} from '@attendance/common/contract/claims';
import type {
  DigestClaimsItem,
  DigestClaimsOutcome,
  DropClaimItem,
  DropClaimOutcome,
  IdentifyItem,
  IdentifyOutcome,
  IntroduceItem,
  IntroduceOutcome,
  ListClaimsItem,
  ListClaimsOutcome,
  ListSurplusItem,
  ListSurplusOutcome,
  ReadClaimsItem,
  ReadClaimsOutcome,
} from '@attendance/common/contract/reconciliation';
import type { Author, Event } from '@attendance/common/contract/entities';
import { v7 } from 'uuid';
import { createProtocol } from '../../src/protocol/protocol.ts';
import { Clock } from './clock.ts';
import { scripted } from './scripted.ts';

export const times = {
  ...{ wait: 500, downstream: 2_000, public: 5_000 },
  ...{ skew: 5_000, expiry: 30_000 },
  ...{ compare: 5_000, walk: 30_000 },
};

/** Calls under way at once for one operation of one owner. */
export const slots = 4;

export type World = ReturnType<typeof createWorld>;

/** A world that does only what the test decides, the ids that it gave, what it counted, and the protocol on it. */
export function createWorld() {
  const clock = new Clock();
  const ids: string[] = [];
  const counted = {
    added: [] as string[],
    removed: [] as string[],
    withdrawn: [] as string[],
    stranded: [] as { request_ids: string[]; reason: string }[],
  };
  const dependencies = {
    author: { ...scriptedOwner<Author>(), readAttendees: scripted<ReadAttendeeItem, ReadAttendeeOutcome>() },
    conference: {
      ...scriptedOwner<Event>(),
      listByConference: scripted<ListByConferenceItem, ListByConferenceOutcome>(),
    },
    now: clock.now,
    timer: clock.timer,
    turn: clock.turn,
    newId: () => {
      const id = v7();
      ids.push(id);
      return id;
    },
    times,
    events: {
      added: (outcome: string) => void counted.added.push(outcome),
      removed: (outcome: string) => void counted.removed.push(outcome),
      withdrawn: (outcome: string) => void counted.withdrawn.push(outcome),
      dropped: () => undefined,
      walked: () => undefined,
      notReconciled: () => undefined,
      stranded: (request_ids: string[], reason: string) => void counted.stranded.push({ request_ids, reason }),
    },
  };
  return { ...dependencies, dependencies, clock, ids, counted, protocol: createProtocol(dependencies) };
}

const scriptedOwner = <E>() => ({
  insertClaims: scripted<InsertItem, InsertOutcome<E>>(),
  retireClaims: scripted<RetireItem, RetireOutcome>(),
  readPairs: scripted<ReadPairItem, ReadPairOutcome<E>>(),
  listByOwned: scripted<ListByOwnedItem, ListByOwnedOutcome<E>>(),
  listByForeign: scripted<ListByForeignItem, ListByForeignOutcome<E>>(),
  identify: scripted<IdentifyItem, IdentifyOutcome>(),
  introduce: scripted<IntroduceItem, IntroduceOutcome>(),
  digestClaims: scripted<DigestClaimsItem, DigestClaimsOutcome>(),
  listClaims: scripted<ListClaimsItem, ListClaimsOutcome>(),
  listSurplus: scripted<ListSurplusItem, ListSurplusOutcome>(),
  readClaims: scripted<ReadClaimsItem, ReadClaimsOutcome>(),
  dropClaims: scripted<DropClaimItem, DropClaimOutcome>(),
});

/** What the promise gives without any time passing; it fails a promise that waits for more. */
export async function atOnce<P extends Promise<unknown>>(
  { clock }: Pick<World, 'clock'>,
  promise: P,
): Promise<Awaited<P>> {
  const result = watch(promise);
  await clock.settle();
  if (!result.settled) throw new Error('nothing was answered yet');
  return await promise;
}

/** Says whether the promise is settled, and takes what it rejects with. */
export function watch(promise: Promise<unknown>): { settled: boolean } {
  const watched = { settled: false };
  const settle = () => {
    watched.settled = true;
  };
  promise.then(settle, settle);
  return watched;
}
