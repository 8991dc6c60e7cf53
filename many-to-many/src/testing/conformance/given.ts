import { uuidv7At } from '../../claimIds.ts';
import { ids } from '../../ids.ts';
import type { ItemOf } from '../../operation.ts';
import type { CopyOperations } from '../../operations.ts';
import type { Pair } from '../../relation.ts';
import { equal } from './assert.ts';
import type { Subject } from './subject.ts';

type InsertItem = ItemOf<CopyOperations<unknown>['insertClaims']>;
type RetireItem = ItemOf<CopyOperations<unknown>['retireClaims']>;

export const request_ids = ['conformance'];

export type Given = Awaited<ReturnType<typeof createGiven>>;

/** The tests of one group: what must hold, and a function that throws if it does not. */
export type Checks = Readonly<Record<string, (given: Given) => Promise<void>>>;

/**
 * Makes what every test starts with: a new entity, a new id of the other side, and functions that act on that pair.
 * @param age an age in milliseconds that is stable. The claims of other tests are at least 100 s older or younger.
 */
export async function createGiven(subject: Subject, age: number) {
  const { copy, side, clock } = subject;
  const { id: ownId, entity } = await subject.createEntity();
  const otherId = subject.newOtherId();

  /** Makes the id of a claim that is so many milliseconds old; in the future if `ageMs` is negative. */
  const claimId = (ageMs: number) => uuidv7At(clock() - ageMs, crypto.getRandomValues(new Uint8Array(10)));
  const pair = (own = ownId, other = otherId): Pair =>
    side.side === 'left' ? { left: own, right: other } : { left: other, right: own };
  const claim = (more: Partial<InsertItem> = {}): InsertItem => ({
    claim_id: claimId(0),
    ...pair(),
    request_ids,
    ...more,
  });
  const retirement = (claim_ids: string[], more: Partial<RetireItem> = {}): RetireItem => ({
    ...pair(),
    claim_ids,
    remove_id: null,
    request_ids,
    ...more,
  });
  const insert = (...items: InsertItem[]) => copy.insertClaims(items);
  const insertMany = async (count: number) => {
    const items = Array.from({ length: count }, () => claim());
    equal(names(await insert(...items)), ['accepted']);
    return items.map((item) => item.claim_id).sort();
  };
  const held = async (of = pair()) => {
    const [outcome] = await copy.readPairs([{ ...of, request_ids }]);
    return outcome?.outcome === 'found' ? outcome.claims : outcome?.outcome;
  };
  const identify = async () => {
    const [identity] = await copy.identify([{ request_ids }]);
    if (!identity) throw new Error('identify gave no outcome');
    return identity;
  };
  /** Puts claims into the copy, of one pair and each a millisecond younger than the one before. */
  const plant = async (count: number, other = subject.newOtherId()) => {
    const claims = Array.from({ length: count }, (_, i) => ({ claim_id: claimId(age - i), ...pair(ownId, other) }));
    await subject.plant(claims);
    return claims.sort((a, b) => (a.claim_id < b.claim_id ? -1 : 1));
  };

  return {
    ...{ subject, copy, times: subject.times },
    ...{ entity, ownId, otherId, age },
    ...{ claimId, pair, claim, retirement, insert, insertMany, held, identify, plant },
    retire: (...items: RetireItem[]) => copy.retireClaims(items),
    accepted: (claims: string[] = []) => ({ outcome: 'accepted', entity, claims }),
    inOwnOrder: ids[side.id].compare,
    inOtherOrder: ids[side.other.id].compare,
  };
}

/** The names of outcomes, each once. */
export function names(outcomes: { outcome: string }[]): string[] {
  return [...new Set(outcomes.map(({ outcome }) => outcome))];
}

/** The name of each outcome, in order. */
export function eachName(outcomes: { outcome: string }[]): string[] {
  return outcomes.map(({ outcome }) => outcome);
}
