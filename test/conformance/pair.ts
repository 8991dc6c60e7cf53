import { type InsertItem, type InsertOutcome, type RetireItem } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';

const request_ids = ['conformance'];

/** For each test an owned entity and a foreign id that are new, and what is done and asked about them. */
export function usePair(getSubject: () => OwnerUnderTest) {
  let entity: { id: string };
  let foreign: string;

  beforeEach(async () => {
    entity = await getSubject().createEntity();
    foreign = v7();
  });

  const pair = (owned = entity.id, other = foreign) =>
    getSubject().owns === 'author' ? { author_id: owned, event_id: other } : { event_id: owned, author_id: other };
  const fresh = () => getSubject().claimId(0);
  const claim = (more: Partial<InsertItem> = {}): InsertItem => ({
    claim_id: fresh(),
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
  const insert = (...items: InsertItem[]) => getSubject().owner.insertClaims(items);
  const retire = (...items: RetireItem[]) => getSubject().owner.retireClaims(items);
  const taken = (claims: string[] = []): InsertOutcome<{ id: string }> => ({ outcome: 'taken', entity, claims });
  /** The claims that are held of a pair. */
  const held = async (of = pair()) => {
    const [outcome] = await getSubject().owner.readPairs([{ ...of, request_ids }]);
    return outcome?.outcome === 'found' ? outcome.claims : outcome?.outcome;
  };
  const insertMany = async (count: number) => {
    const items = Array.from({ length: count }, () => claim());
    expect(await insert(...items)).to.satisfy((all: { outcome: string }[]) => all.every((o) => o.outcome === 'taken'));
    return items.map((item) => item.claim_id).sort();
  };

  return {
    get entity() {
      return entity;
    },
    get foreign() {
      return foreign;
    },
    ...{ pair, fresh, claim, retirement, insert, retire, taken, held, insertMany },
  };
}
