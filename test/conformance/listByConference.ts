import type { Conference, Event } from '@attendance/common/contract/entities';
import { maxPairsByConference, type conferenceOperations } from '@attendance/common/contract/relation';
import { pageSize } from '@attendance/common/contract/values';
import { expect } from 'chai';
import type { Batches } from 'many-to-many';
import type { PlantedClaim, Subject } from 'many-to-many/testing';
import { v7 } from 'uuid';

export interface ConferenceSubject extends Subject<Event> {
  copy: Batches<typeof conferenceOperations>;
  createConference: () => Promise<Conference>;
  createEvent: (conference: Conference) => Promise<Event>;
}

const request_ids = ['conformance'];
const sorted = (ids: string[]) => ids.sort();

/** Declares the tests of listByConference, the conference service's first call of a list by conference. */
export function describeListByConference(getSubject: () => ConferenceSubject) {
  describe('listByConference', () => {
    let subject: ConferenceSubject;
    let conference: Conference;
    /** Two events of the conference, in the order of ids. */
    let first: string;
    let second: string;

    beforeEach(async () => {
      subject = getSubject();
      conference = await subject.createConference();
      const events = [await subject.createEvent(conference), await subject.createEvent(conference)];
      [first, second] = sorted(events.map(({ id }) => id)) as [string, string];
    });

    const newClaim = () => v7({ msecs: subject.clock() });
    const claim = (event_id: string, author_id: string) => ({
      claim_id: newClaim(),
      left: event_id,
      right: author_id,
      request_ids,
    });
    type Claim = ReturnType<typeof claim>;
    const insert = async (...items: Claim[]) => {
      const outcomes = await subject.copy.insertClaims(items);
      expect(new Set(outcomes.map(({ outcome }) => outcome))).to.deep.equal(new Set(['accepted']));
    };
    const list = (limit: number, after: string | null = null, conference_id = conference.id) => ({
      conference_id,
      limit,
      after,
      request_ids,
    });
    const page = (attendees: unknown[], more: boolean, entity = conference) => ({
      outcome: 'found',
      entity,
      attendees,
      more,
    });
    const attendee = (author_id: string, ...claims: Claim[]) => ({
      author_id,
      events: sorted([...new Set(claims.map(({ left }) => left))]).map((event_id) => ({
        event_id,
        claims: sorted(claims.filter((each) => each.left === event_id).map(({ claim_id }) => claim_id)),
      })),
    });

    it('lists the authors in order, page by page, each with all events and claims', async () => {
      const authors = sorted(Array.from({ length: 4 }, () => v7()));
      const claims = authors.map((author, i) =>
        (i % 2 === 0 ? [second, first, second] : [first]).map((event) => claim(event, author)),
      );
      await insert(...claims.flat().reverse());
      const attendees = authors.map((author, i) => attendee(author, ...claims[i]!));
      expect(
        await subject.copy.listByConference([
          list(2),
          list(2, authors[1]),
          list(1, authors[1]),
          list(3, authors[0]),
          list(4),
          list(4, authors[3]),
        ]),
      ).to.deep.equal([
        page(attendees.slice(0, 2), true),
        page(attendees.slice(2), false),
        page(attendees.slice(2, 3), true),
        page(attendees.slice(1), false),
        page(attendees, false),
        page([], false),
      ]);
    });

    it('answers each item of a batch by itself, also if the conference does not exist', async () => {
      const other = await subject.createConference();
      const [event, author] = [await subject.createEvent(other), v7()];
      const [mine, others] = [claim(first, author), claim(event.id, author)];
      await insert(mine, others);
      const empty = await subject.createConference();
      const ids = [other.id, v7(), conference.id, empty.id];
      expect(await subject.copy.listByConference(ids.map((id) => list(10, null, id)))).to.deep.equal([
        page([attendee(author, others)], false, other),
        { outcome: 'entity_not_found' },
        page([attendee(author, mine)], false),
        page([], false, empty),
      ]);
    });

    it('leaves out retired claims, deleted events, and authors without other claims', async () => {
      const [gone, one, both] = sorted([v7(), v7(), v7()]) as [string, string, string];
      const deleted = (await subject.createEvent(conference)).id;
      const retired = [claim(first, one), claim(first, gone), claim(second, both)];
      const kept = [claim(first, one), claim(first, both)] as const;
      await insert(...retired, ...kept, claim(deleted, gone), claim(deleted, both));
      await subject.copy.retireClaims(
        retired.map(({ claim_id, left, right }) => ({
          ...{ left, right, claim_ids: [claim_id], remove_id: null },
          request_ids,
        })),
      );
      await subject.deleteEntity(deleted);
      expect(await subject.copy.listByConference([list(1), list(10)])).to.deep.equal([
        page([attendee(one, kept[0])], true),
        page([attendee(one, kept[0]), attendee(both, kept[1])], false),
      ]);
    });

    it('shows a marked event without its claims, until they are purged', async () => {
      const author = v7();
      const [kept, marked] = [claim(second, author), claim(first, author)];
      await insert(kept, marked);
      await subject.markEntity?.(first);
      const events = [
        { event_id: first, claims: [] },
        { event_id: second, claims: [kept.claim_id] },
      ].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
      expect(await subject.copy.listByConference([list(1)])).to.deep.equal([
        page([{ author_id: author, events }], false),
      ]);
    });

    it('ends a page after the author that reaches the largest number of pairs, and does not split authors', async () => {
      const events = [first, second];
      while (events.length < 11) events.push((await subject.createEvent(conference)).id);
      const authors = sorted(Array.from({ length: pageSize.max }, () => v7()));
      // a second claim of a pair does not count
      const claims: PlantedClaim[] = authors.flatMap((right) =>
        [first, ...events].map((left) => ({ claim_id: newClaim(), left, right })),
      );
      await subject.plant(claims);
      const pageLength = Math.ceil(maxPairsByConference / events.length);
      expect(pageLength * events.length).to.be.above(maxPairsByConference);
      const [fullPage, rest] = await subject.copy.listByConference([
        list(pageSize.max),
        list(pageSize.max, authors[pageLength - 1]),
      ]);
      if (fullPage?.outcome !== 'found' || rest?.outcome !== 'found') throw new Error('not found');
      expect(fullPage.attendees.map(({ author_id }) => author_id)).to.deep.equal(authors.slice(0, pageLength));
      expect(new Set(fullPage.attendees.map((each) => each.events.length))).to.deep.equal(new Set([events.length]));
      expect(fullPage.more).to.equal(true);
      expect(rest.attendees.map(({ author_id }) => author_id)).to.deep.equal(authors.slice(pageLength));
      expect(rest.more).to.equal(false);
    });
  });
}
