import type { AuthorOwner, InsertItem } from '@attendance/common/contract/claims';
import type { Author } from '@attendance/common/contract/entities';
import { expect } from 'chai';
import { v7 } from 'uuid';
import type { OwnerUnderTest } from './owner.ts';

export interface AuthorsUnderTest extends OwnerUnderTest<Author> {
  owner: AuthorOwner;
}

const request_ids = ['conformance'];

/** What lists by conference count on in the owner of authors. */
export function describeReadAttendees(getSubject: () => AuthorsUnderTest) {
  describe('readAttendees', () => {
    let subject: AuthorsUnderTest;
    let author: Author;
    let events: string[];

    beforeEach(async () => {
      subject = getSubject();
      author = await subject.createEntity();
      events = Array.from({ length: 4 }, () => v7()).sort();
    });

    const claim = (event_id: string, author_id = author.id): InsertItem => ({
      claim_id: subject.claimId(0),
      event_id,
      author_id,
      request_ids,
    });
    const insert = async (...items: InsertItem[]) => {
      const outcomes = await subject.owner.insertClaims(items);
      expect(new Set(outcomes.map(({ outcome }) => outcome))).to.deep.equal(new Set(['taken']));
    };
    const read = (...asked: [author_id: string, event_ids: string[]][]) =>
      subject.owner.readAttendees(asked.map(([author_id, event_ids]) => ({ author_id, event_ids, request_ids })));

    it('tells the claims of exactly the events that were asked for, in their order', async () => {
      const [first, second, third, fourth] = events as [string, string, string, string];
      const [a, b, c, d] = [claim(first), claim(second), claim(second), claim(fourth)];
      await insert(a, b, c, d);
      const both = [b.claim_id, c.claim_id].sort();
      expect(await read([author.id, [second, third, first, second]])).to.deep.equal([
        { outcome: 'found', entity: author, events: [both, [], [a.claim_id], both] },
      ]);
    });

    it('tells of each author by itself, those that are not there too', async () => {
      const other = await subject.createEntity();
      const gone = await subject.createEntity();
      const [event, another] = events as [string, string];
      const [mine, others] = [claim(event), claim(event, other.id)];
      await insert(mine, others, claim(event, gone.id));
      await subject.deleteEntity(gone.id);
      const asked = [other.id, v7(), author.id, gone.id, author.id];
      const outcomes = await read(...asked.map((id): [string, string[]] => [id, [event]]), [other.id, [another]]);
      const found = (entity: Author, claims: string[]) => ({ outcome: 'found', entity, events: [claims] });
      expect(outcomes).to.deep.equal([
        found(other, [others.claim_id]),
        { outcome: 'unknown_owner' },
        found(author, [mine.claim_id]),
        { outcome: 'unknown_owner' },
        found(author, [mine.claim_id]),
        found(other, []),
      ]);
    });

    it('leaves retired claims out', async () => {
      const [event] = events as [string];
      const [kept, retired] = [claim(event), claim(event)];
      await insert(kept, retired);
      await subject.owner.retireClaims([
        { event_id: event, author_id: author.id, claim_ids: [retired.claim_id], remove_id: null, request_ids },
      ]);
      expect(await read([author.id, [event]])).to.deep.equal([
        { outcome: 'found', entity: author, events: [[kept.claim_id]] },
      ]);
    });
  });
}
