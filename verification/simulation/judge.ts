import { drawHistory } from '../histories/drawing.ts';
import type { InsertItem, RetireItem } from '@attendance/common/contract/claims';
import { checkPair } from '../histories/linearizability.ts';
import type { Kind, Operation } from '../../test/support/history.ts';
import type { Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

/** Milliseconds from an answer to when what is unknown of it is settled, as the contract says. */
const settled = 60_000;

export type Judge = ReturnType<typeof createJudge>;

/** What a client was told of one pair, and by which list where it did not ask for the pair. */
export interface Told extends Operation {
  list?: 'event' | 'author' | 'conference';
}

export interface Verdict {
  /** What is wrong, one text for each. */
  faults: string[];
  /** Something threw what nothing of it may throw: that is wrong, and says nothing of the promises. */
  threw: boolean;
  /** What clients were told, of each pair. */
  histories: Told[][];
  /** What owners answered at least once, such as `insertClaims full`. */
  executed: ReadonlySet<string>;
}

/** Hears what clients are told and what the owners execute, and says what must not be. */
export function createJudge(world: World, scheduler: Scheduler) {
  const histories = world.pairs.map((): Told[] => []);
  const faults = new Set<string>();
  let threw = false;
  const executed = new Set<string>();
  const gone = new Map<string, number>();
  /** Request ids of adds whose claim was in both copies, and of those that were refused. */
  const visible = new Set<string>();
  const refused = new Set<string>();

  const neverVisible = (id: string) => {
    if (visible.has(id) && refused.has(id)) faults.add(`add ${id} was refused, and its claim was visible`);
  };
  const answeredAt = new Map<string, number>();
  /** The claims that both copies hold. */
  const shared = new Set([...world.author.copy.claims.keys()].filter(inBoth));

  function inBoth(claimId: string): boolean {
    return world.author.copy.holds(claimId) && world.conference.copy.holds(claimId);
  }
  function inserted({ claim_id, request_ids }: InsertItem, arrived: number): void {
    if (shared.has(claim_id) || !inBoth(claim_id)) return;
    shared.add(claim_id);
    request_ids.forEach((id) => visible.add(id));
    request_ids.forEach(neverVisible);
    inTime('add', request_ids, arrived);
  }
  function retired({ claim_ids, request_ids }: RetireItem, arrived: number): void {
    for (const claim of claim_ids) if (shared.has(claim) && !inBoth(claim)) inTime('remove', request_ids, arrived);
    for (const claim of claim_ids) if (!inBoth(claim)) shared.delete(claim);
  }
  /** @returns those that were in both copies, and are not any more */
  function forgetDropped(): string[] {
    const dropped = [...shared].filter((claim) => !inBoth(claim));
    for (const claim of dropped) shared.delete(claim);
    return dropped;
  }
  /** The reconciler changes no answer: a visible pair keeps a claim. */
  function staysVisible(dropped: string): void {
    const rowOf = (claim: string) => world.author.copy.claims.get(claim) ?? world.conference.copy.claims.get(claim);
    const pairOf = (claim: string) => {
      const row = rowOf(claim);
      return row && [row.owned, row.foreign].sort().join();
    };
    if ([...shared].some((claim) => pairOf(claim) === pairOf(dropped))) return;
    faults.add(`claim ${dropped} was dropped, by which alone its pair was visible`);
  }
  /** By when the request arrived: how long a commit takes nobody promises. */
  function inTime(kind: Kind, requestIds: string[], arrived: number): void {
    const last = Math.max(...requestIds.map((id) => answeredAt.get(id) ?? Infinity));
    if (arrived > last + settled) faults.add(`${kind} ${requestIds.join()} took effect after it was settled`);
  }

  const exists = (id: string) => world.author.copy.entities.has(id) || world.conference.copy.entities.has(id);
  const noteGone = (at: number) => {
    for (const id of [...world.authors, ...world.events]) if (!exists(id) && !gone.has(id)) gone.set(id, at);
  };
  noteGone(0);

  return {
    faults,
    fault: (text: string) => void faults.add(text),

    threw(what: string, error: unknown) {
      threw = true;
      faults.add(`${what} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },

    /** An operation has ended: on which pairs, and with what outcome. */
    told(of: { event?: string; author?: string }, what: Omit<Told, 'end'>) {
      const end = what.outcome === 'unknown' ? null : scheduler.tick();
      world.pairs.forEach(({ event, author }, i) => {
        if (event === (of.event ?? event) && author === (of.author ?? author)) histories[i]?.push({ ...what, end });
      });
    },

    /** An answer names entities that must have been there since it was asked for. */
    named(start: number, ...ids: string[]) {
      for (const id of ids) {
        const known = gone.has(id) || exists(id) || id === world.series;
        if (!known || (gone.get(id) ?? Infinity) < start) faults.add(`an answer names ${id}, which is not there`);
      }
    },

    /** An answer says of entities that they are not there. */
    missing(...ids: string[]) {
      for (const id of ids) if (exists(id)) faults.add(`an answer says that ${id} is missing`);
    },

    refused(requestId: string) {
      refused.add(requestId);
      neverVisible(requestId);
    },

    /** A client was answered, or lost its gateway: from now on its operation takes effect soon or never. */
    answered: (requestId: string) => void answeredAt.set(requestId, scheduler.now),

    deleted() {
      noteGone(scheduler.tick());
      forgetDropped();
    },

    /** Called after every batch that an owner committed. */
    executed(operation: string, items: object[], outcomes: { outcome: string }[], arrived: number) {
      for (const { outcome } of outcomes) executed.add(`${operation} ${outcome}`);
      const done = items.filter((_, i) => outcomes[i]?.outcome === 'taken' || outcomes[i]?.outcome === 'retired');
      if (operation === 'insertClaims') (done as InsertItem[]).forEach((item) => inserted(item, arrived));
      if (operation === 'dropClaims') forgetDropped().forEach(staysVisible);
      if (operation === 'retireClaims') (done as RetireItem[]).forEach((item) => retired(item, arrived));
    },

    /** All is quiet, and was reconciled. */
    reconciled() {
      const copies = [world.author, world.conference].map(({ copy }) =>
        [...copy.claims.values()].filter(({ retired }) => !retired),
      );
      const [ofAuthor = [], ofConference = []] = copies;
      const idsOf = (claims: typeof ofAuthor) => claims.map(({ claim_id }) => claim_id).sort();
      if (idsOf(ofAuthor).join() !== idsOf(ofConference).join()) faults.add('the copies are not the same');
      const pairs = new Set(ofAuthor.map(({ owned, foreign }) => `${owned} ${foreign}`));
      if (pairs.size !== ofAuthor.length) faults.add('a pair has surplus claims');
    },

    verdict(): Verdict {
      const unordered = histories.flatMap((history, i) => {
        const pair = world.pairs[i];
        const verdict = checkPair(history, pair?.initial);
        if (verdict.ok) return [];
        const at = pair && `event ${world.events.indexOf(pair.event)}, author ${world.authors.indexOf(pair.author)}`;
        const first = `${at ?? ''}, ${pair?.initial ?? ''} at first: ${verdict.explanation}`;
        return [`${first}\n${drawHistory(verdict.prefix, verdict.failed)}`];
      });
      return { faults: [...faults, ...unordered], threw, histories, executed };
    },
  };
}
