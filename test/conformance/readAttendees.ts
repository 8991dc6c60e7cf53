import type { Author } from '@attendance/common/contract/entities';
import type { authorOperations } from '@attendance/common/contract/relation';
import { expect } from 'chai';
import type { Batches } from 'many-to-many';
import type { Subject } from 'many-to-many/testing';
import { v7 } from 'uuid';

export interface AuthorSubject extends Subject<Author> {
  copy: Batches<typeof authorOperations>;
}

const request_ids = ['conformance'];

/** Declares the tests of readAttendees, the author service's call of a list by conference. */
export function describeReadAttendees(getSubject: () => AuthorSubject) {
  describe('readAttendees', () => {
    let subject: AuthorSubject;
    let author: Author;
    let events: string[];

    beforeEach(async () => {
      subject = getSubject();
      author = (await subject.createEntity()).entity;
      events = Array.from({ length: 4 }, () => v7()).sort();
    });

    const claim = (event_id: string, author_id = author.id) => ({
      claim_id: v7({ msecs: subject.clock() }),
      left: event_id,
      right: author_id,
      request_ids,
    });
    const insert = async (...items: ReturnType<typeof claim>[]) => {
      const outcomes = await subject.copy.insertClaims(items);
      expect(new Set(outcomes.map(({ outcome }) => outcome))).to.deep.equal(new Set(['accepted']));
    };
    const read = (...requests: [author_id: string, event_ids: string[]][]) =>
      subject.copy.readAttendees(requests.map(([author_id, event_ids]) => ({ author_id, event_ids, request_ids })));

    it('returns the claims of exactly the requested events, in their order', async () => {
      const [first, second, third, fourth] = events as [string, string, string, string];
      const [a, b, c, d] = [claim(first), claim(second), claim(second), claim(fourth)];
      await insert(a, b, c, d);
      const both = [b.claim_id, c.claim_id].sort();
      expect(await read([author.id, [second, third, first, second]])).to.deep.equal([
        { outcome: 'found', entity: author, events: [both, [], [a.claim_id], both] },
      ]);
    });

    it('answers each item of a batch by itself, also if the author does not exist', async () => {
      const other = (await subject.createEntity()).entity;
      const deleted = (await subject.createEntity()).entity;
      const [event, another] = events as [string, string];
      const [mine, others] = [claim(event), claim(event, other.id)];
      await insert(mine, others, claim(event, deleted.id));
      await subject.deleteEntity(deleted.id);
      const ids = [other.id, v7(), author.id, deleted.id, author.id];
      const outcomes = await read(...ids.map((id): [string, string[]] => [id, [event]]), [other.id, [another]]);
      const found = (entity: Author, claims: string[]) => ({ outcome: 'found', entity, events: [claims] });
      expect(outcomes).to.deep.equal([
        found(other, [others.claim_id]),
        { outcome: 'entity_not_found' },
        found(author, [mine.claim_id]),
        { outcome: 'entity_not_found' },
        found(author, [mine.claim_id]),
        found(other, []),
      ]);
    });

    it('leaves out retired claims', async () => {
      const [event] = events as [string];
      const [kept, retired] = [claim(event), claim(event)];
      await insert(kept, retired);
      const { left, right, claim_id } = retired;
      await subject.copy.retireClaims([{ left, right, claim_ids: [claim_id], remove_id: null, request_ids }]);
      expect(await read([author.id, [event]])).to.deep.equal([
        { outcome: 'found', entity: author, events: [[kept.claim_id]] },
      ]);
    });
  });
}
