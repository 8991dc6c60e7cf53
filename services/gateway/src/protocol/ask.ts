import { maxBatch as maxWeight } from '@attendance/common/contract/batch';
import type {
  AuthorOwner,
  ConferenceOwner,
  InsertItem,
  InsertOutcome,
  ListByConferenceItem,
  ListByConferenceOutcome,
  ListByForeignItem,
  ListByForeignOutcome,
  ListByOwnedItem,
  ListByOwnedOutcome,
  Owner,
  ReadAttendeeItem,
  ReadAttendeeOutcome,
  ReadPairItem,
  ReadPairOutcome,
  RetireItem,
  RetireOutcome,
} from '@attendance/common/contract/claims';
import { coalesce } from './coalesce.ts';
import type { Dependencies } from './dependencies.ts';
import { ConnectionReset, NotExecuted } from './failures.ts';

/** Certainly not executed, or nothing known of it. */
export type NoAnswer = { outcome: 'not_executed'; reason: string } | { outcome: 'unknown'; reason: string };

/** Asks about one item and never throws: what is not an owner's outcome is a {@link NoAnswer}. */
type Ask<Item, Outcome> = (item: Item, onSend?: () => void) => Promise<Outcome | NoAnswer>;

/** An owner that is asked one item at a time; many of them travel as one batch. */
export interface AskedOwner<E> {
  insertClaim: Ask<InsertItem, InsertOutcome<E>>;
  retireClaims: Ask<RetireItem, RetireOutcome>;
  readPair: Ask<ReadPairItem, ReadPairOutcome<E>>;
  listByOwned: Ask<ListByOwnedItem, ListByOwnedOutcome<E>>;
  listByForeign: Ask<ListByForeignItem, ListByForeignOutcome<E>>;
}

const byLimit = { weigh: ({ limit }: { limit: number }) => limit, maxWeight };

export function askOwner<E>(owner: Owner<E>, world: Dependencies): AskedOwner<E> {
  return {
    insertClaim: ask(owner.insertClaims, world, { maxWeight, proof: 'taken' }),
    retireClaims: ask(owner.retireClaims, world, {
      weigh: ({ claim_ids }) => claim_ids.length,
      maxWeight,
      proof: 'retired',
    }),
    readPair: ask(owner.readPairs, world, { maxWeight }),
    listByOwned: ask(owner.listByOwned, world, byLimit),
    listByForeign: ask(owner.listByForeign, world, byLimit),
  };
}

export function askConference(owner: ConferenceOwner, world: Dependencies) {
  const listByConference: Ask<ListByConferenceItem, ListByConferenceOutcome> = ask(
    owner.listByConference,
    world,
    byLimit,
  );
  return { ...askOwner(owner, world), listByConference };
}

export function askAuthor(owner: AuthorOwner, world: Dependencies) {
  const readAttendee: Ask<ReadAttendeeItem, ReadAttendeeOutcome> = ask(owner.readAttendees, world, {
    weigh: ({ event_ids }) => event_ids.length,
    maxWeight,
  });
  return { ...askOwner(owner, world), readAttendee };
}

interface AskOptions<Item, Outcome extends { outcome: string }> {
  weigh?: (item: Item) => number;
  maxWeight: number;
  /** For what changes something: the outcome that stays true when the call had to be repeated. */
  proof?: Outcome['outcome'];
}

export function ask<Item, Outcome extends { outcome: string }>(
  send: (items: Item[]) => Promise<Outcome[]>,
  world: Dependencies,
  { proof, ...batching }: AskOptions<Item, Outcome>,
): Ask<Item, Outcome> {
  const coalesced = coalesce((items: Item[], inTime) => sendOrRepeat(send, items, { proof, inTime }), world, batching);
  return (item, onSend) =>
    coalesced(item, onSend).catch((error: unknown): NoAnswer => {
      const reason = error instanceof Error ? error.message : String(error);
      return { outcome: error instanceof NotExecuted ? 'not_executed' : 'unknown', reason };
    });
}

/**
 * Sends a batch, and once more if a kept-alive socket broke under it. The first attempt may still be executed, so
 * only the outcome that says "it is done" is then worth anything: a refusal of the second proves nothing of the first.
 */
async function sendOrRepeat<Item, Outcome extends { outcome: string }>(
  send: (items: Item[]) => Promise<Outcome[]>,
  items: Item[],
  { proof, inTime }: { proof: string | undefined; inTime: () => boolean },
): Promise<(Outcome | NoAnswer)[]> {
  try {
    return await send(items);
  } catch (error) {
    if (!(error instanceof ConnectionReset && inTime())) throw error;
  }
  const outcomes = await send(items).catch((cause: unknown) => {
    throw new Error('the connection was reset, and the repeat failed', { cause });
  });
  const unknown: NoAnswer = { outcome: 'unknown', reason: 'the connection was reset, and the repeat refused' };
  return outcomes.map((outcome) => (proof === undefined || outcome.outcome === proof ? outcome : unknown));
}
