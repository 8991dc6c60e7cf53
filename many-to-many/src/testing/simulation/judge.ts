import type { Pair, SideName } from '../../relation.ts';
import { promisedFinalMs } from '../../times.ts';
import { checkPair } from '../history/checkPair.ts';
import { drawHistory } from '../history/drawHistory.ts';
import type { Kind, Operation } from '../history/operation.ts';
import type { InsertItem } from '../memory/insertClaims.ts';
import type { RetireItem } from '../memory/retireClaims.ts';
import { createEntityWatch, type EntityName } from './entityWatch.ts';
import type { Scheduler } from './scheduler.ts';
import { times } from './times.ts';
import type { World } from './world.ts';

export type Judge = ReturnType<typeof createJudge>;

/** An operation on one pair as its client saw it, and by which list if it did not ask for the pair. */
export interface Observed extends Operation {
  list?: string;
}

/** What is wrong with a history, and what was seen of it. */
export interface Verdict {
  /** What is wrong, one text for each fault. */
  faults: string[];
  /** An error was thrown that nothing may throw. That is wrong, but breaks no promise. */
  threw: boolean;
  /** What clients observed of each pair. */
  histories: Observed[][];
  /** Outcomes of the copies that came up at least once, such as `insertClaims limit_reached`. */
  executed: ReadonlySet<string>;
}

/** Hears what clients observe and what the copies execute, and says which of it must not be. */
export function createJudge(world: World, scheduler: Scheduler) {
  const histories = world.pairs.map((): Observed[] => []);
  const faults = new Set<string>();
  let threw = false;
  const executed = new Set<string>();
  const entities = createEntityWatch(world, faults);
  /** Request ids of adds whose claim was in both copies, and of those that were refused. */
  const visible = new Set<string>();
  const refused = new Set<string>();

  const neverVisible = (id: string) => {
    if (visible.has(id) && refused.has(id)) faults.add(`add ${id} was refused, and its claim was visible`);
  };
  const answeredAt = new Map<string, number>();
  /** The claims that both copies hold. */
  const shared = new Set([...world.left.copy.claims.keys()].filter(inBoth));

  /** Claims of an entity that is marked as deleted do not count. */
  function inBoth(claimId: string): boolean {
    const { left, right } = world;
    const row = left.copy.claims.get(claimId);
    if (!row || !left.copy.entities.has(row.left) || !right.copy.entities.has(row.right)) return false;
    return left.copy.holds(claimId) && right.copy.holds(claimId);
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
  /** @returns the claims that were in both copies, and are not any more */
  function forgetDropped(): string[] {
    const dropped = [...shared].filter((claim) => !inBoth(claim));
    for (const claim of dropped) shared.delete(claim);
    return dropped;
  }
  /** The reconciler changes no answer: a visible pair keeps a claim. */
  function staysVisible(dropped: string): void {
    const pairOf = (claim: string) => {
      const row = world.left.copy.claims.get(claim) ?? world.right.copy.claims.get(claim);
      return row && JSON.stringify([row.left, row.right]);
    };
    if ([...shared].some((claim) => pairOf(claim) === pairOf(dropped))) return;
    faults.add(`claim ${dropped} was dropped, by which alone its pair was visible`);
  }
  /** Counts from when the request arrived: nobody promises how long a commit takes. */
  function inTime(kind: Kind, requestIds: string[], arrived: number): void {
    const last = Math.max(...requestIds.map((id) => answeredAt.get(id) ?? Infinity));
    if (arrived > last + promisedFinalMs(times))
      faults.add(`${kind} ${requestIds.join()} took effect after it was final`);
  }

  return {
    faults,
    fault: (text: string) => void faults.add(text),

    threw(what: string, error: unknown) {
      threw = true;
      faults.add(`${what} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    },

    /** An operation has ended: on the pairs with these ids, with this outcome. */
    observed(of: Partial<Pair>, what: Omit<Observed, 'end'>) {
      const end = what.outcome === 'unknown' ? null : scheduler.tick();
      world.pairs.forEach(({ left, right }, i) => {
        if (left === (of.left ?? left) && right === (of.right ?? right)) histories[i]?.push({ ...what, end });
      });
    },

    /** An answer names the entities of pairs; they must have existed at some time since it was asked for. */
    named(start: number, pairs: Pair[]) {
      for (const pair of pairs)
        for (const side of ['left', 'right'] as const) entities.named(start, { side, id: pair[side] });
    },

    /** An answer says that an entity does not exist. */
    missing: (entity: EntityName) => entities.missing(entity),

    refused(requestId: string) {
      refused.add(requestId);
      neverVisible(requestId);
    },

    /** A client was answered, or lost its gateway: from now on its operation takes effect soon or never. */
    answered: (requestId: string) => void answeredAt.set(requestId, scheduler.now),

    deleted() {
      entities.deleted(scheduler.tick());
      forgetDropped();
    },

    /** Called after every batch that a copy committed. */
    executed(operation: string, items: object[], outcomes: { outcome: string }[], arrived: number) {
      for (const { outcome } of outcomes) executed.add(`${operation} ${outcome}`);
      const done = items.filter((_, i) => outcomes[i]?.outcome === 'accepted' || outcomes[i]?.outcome === 'retired');
      if (operation === 'insertClaims') (done as InsertItem[]).forEach((item) => inserted(item, arrived));
      if (operation === 'dropClaims') forgetDropped().forEach(staysVisible);
      if (operation === 'retireClaims') (done as RetireItem[]).forEach((item) => retired(item, arrived));
    },

    /** Counts the half claims that no mark of an entity explains. */
    unexplained(): number {
      const { left, right } = world;
      const ids = new Set([...left.copy.claims.keys(), ...right.copy.claims.keys()]);
      return [...ids].filter((id) => {
        const row = [left, right].map(({ copy }) => copy.claims.get(id)).find((claim) => claim?.retired === false);
        if (!row || (left.copy.holds(id) && right.copy.holds(id))) return false;
        return !left.everMarked.has(row.left) && !right.everMarked.has(row.right);
      }).length;
    },

    /** The faults are over, and the copies were reconciled. */
    reconciled() {
      const claimsOf = (side: SideName) => [...world[side].copy.claims.values()].filter(({ retired }) => !retired);
      const [inLeft, inRight] = [claimsOf('left'), claimsOf('right')];
      const idsOf = (claims: typeof inLeft) => claims.map(({ claim_id }) => claim_id).sort();
      if (idsOf(inLeft).join() !== idsOf(inRight).join()) faults.add('the copies are not the same');
      const pairs = new Set(inLeft.map(({ left, right }) => JSON.stringify([left, right])));
      if (pairs.size !== inLeft.length) faults.add('a pair has surplus claims');
    },

    verdict(): Verdict {
      const unordered = world.pairs.flatMap(({ left, right, initial }, i) => {
        const verdict = checkPair(histories[i] ?? [], initial);
        if (verdict.ok) return [];
        const at = `${world.left.name} ${world.ids.left.indexOf(left)}, ${world.right.name} ${world.ids.right.indexOf(right)}`;
        return [`${at}, ${initial} at first: ${verdict.explanation}\n${drawHistory(verdict.prefix, verdict.failed)}`];
      });
      return { faults: [...faults, ...unordered], threw, histories, executed };
    },
  };
}
