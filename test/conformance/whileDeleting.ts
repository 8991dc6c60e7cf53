import type { InsertItem, RetireItem } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';

const request_ids = ['conformance'];

/** What the protocol counts on while an owned entity is being deleted, and nobody knows whether it will be. */
export function describeWhileDeleting(getSubject: () => OwnerUnderTest) {
  let subject: OwnerUnderTest;
  let entity: { id: string };
  let other: { id: string };
  let foreign: string;

  beforeEach(async () => {
    subject = getSubject();
    [entity, other] = [await subject.createEntity(), await subject.createEntity()];
    foreign = v7();
  });

  const pair = ({ id } = entity) =>
    subject.owns === 'author' ? { author_id: id, event_id: foreign } : { event_id: id, author_id: foreign };
  const claim = (of = entity, ageMs = 0): InsertItem => ({
    claim_id: subject.claimId(ageMs),
    ...pair(of),
    request_ids,
  });
  const retirement = ({ claim_id }: InsertItem, of = entity, remove_id: string | null = null): RetireItem => ({
    ...pair(of),
    claim_ids: [claim_id],
    remove_id,
    request_ids,
  });
  const insert = async (...items: InsertItem[]) =>
    (await subject.owner.insertClaims(items)).map(({ outcome }) => outcome);
  const retire = async (...items: RetireItem[]) =>
    (await subject.owner.retireClaims(items)).map(({ outcome }) => outcome);
  const held = async (of = entity) => {
    const [outcome] = await subject.owner.readPairs([{ ...pair(of), request_ids }]);
    return outcome?.outcome === 'found' ? outcome.claims : outcome?.outcome;
  };
  const whileDeleting = <T>(work: () => Promise<T>) => subject.whileDeleting(entity.id, work);

  describe('while an entity is being deleted', () => {
    it('a claim of it is busy and is not held, and its neighbours are taken', async () => {
      const [first, late, third] = [claim(other), claim(), claim(other)];
      expect(await whileDeleting(() => insert(first, late, third))).to.deep.equal(['taken', 'busy', 'taken']);
      expect(await held()).to.deep.equal([]);
      expect(await held(other)).to.deep.equal([first.claim_id, third.claim_id].sort());
      expect(await insert(late)).to.deep.equal(['taken']);
    });

    it('so is a claim that it holds already', async () => {
      const item = claim();
      await insert(item);
      expect(await whileDeleting(() => insert(item))).to.deep.equal(['busy']);
      expect(await held()).to.deep.equal([item.claim_id]);
    });

    it('what is too old is expired rather than busy', async () => {
      const age = 2 * subject.times.expiry;
      expect(await whileDeleting(() => insert(claim(entity, age)))).to.deep.equal(['expired']);
      const late = retirement(claim(), entity, subject.claimId(age));
      expect(await whileDeleting(() => retire(late))).to.deep.equal(['expired']);
    });

    it('a retirement is busy and retires nothing, and its neighbours are retired', async () => {
      const [mine, others] = [claim(), claim(other)];
      await insert(mine, others);
      const outcomes = await whileDeleting(() => retire(retirement(mine), retirement(others, other)));
      expect(outcomes).to.deep.equal(['busy', 'retired']);
      expect(await held()).to.deep.equal([mine.claim_id]);
      expect(await held(other)).to.deep.equal([]);
      // nor does it leave a mark of a claim that has not arrived
      const late = claim();
      expect(await whileDeleting(() => retire(retirement(late)))).to.deep.equal(['busy']);
      await insert(late);
      expect(await held()).to.deep.equal([mine.claim_id, late.claim_id].sort());
    });

    it('reads tell of it as if nothing were', async () => {
      const item = claim();
      await insert(item);
      const page = { limit: 10, after: null, request_ids };
      const [pairs, owned, byForeign] = await whileDeleting(() =>
        Promise.all([
          subject.owner.readPairs([{ ...pair(), request_ids }]),
          subject.owner.listByOwned([{ owned_id: entity.id, ...page }]),
          subject.owner.listByForeign([{ foreign_id: foreign, ...page }]),
        ]),
      );
      const claims = [item.claim_id];
      expect(pairs).to.deep.equal([{ outcome: 'found', entity, claims }]);
      expect(owned).to.deep.equal([{ outcome: 'found', entity, pairs: [{ id: foreign, claims }], more: false }]);
      const listed = { id: entity.id, entity, claims };
      expect(byForeign).to.deep.equal([{ outcome: 'found', pairs: [listed], more: false }]);
    });
  });
}
