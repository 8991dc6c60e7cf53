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
const byId = (ids: string[]) => ids.sort();

/** What lists by conference require of the conference service's copy. */
export function describeListByConference(getSubject: () => ConferenceSubject) {
  describe('listByConference', () => {
    let subject: ConferenceSubject;
    let conference: Conference;
    /** Two events of it, in order. */
    let first: string;
    let second: string;

    beforeEach(async () => {
      subject = getSubject();
      conference = await subject.createConference();
      const events = [await subject.createEvent(conference), await subject.createEvent(conference)];
      [first, second] = byId(events.map(({ id }) => id)) as [string, string];
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
      events: byId([...new Set(claims.map(({ left }) => left))]).map((event_id) => ({
        event_id,
        claims: byId(claims.filter((each) => each.left === event_id).map(({ claim_id }) => claim_id)),
      })),
    });

    it('pages through the authors in order, each with all of its events and claims there', async () => {
      const authors = byId(Array.from({ length: 4 }, () => v7()));
      const claims = authors.map((author, i) =>
        (i % 2 === 0 ? [second, first, second] : [first]).map((event) => claim(event, author)),
      );
      await insert(...claims.flat().reverse());
      const all = authors.map((author, i) => attendee(author, ...claims[i]!));
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
        page(all.slice(0, 2), true),
        page(all.slice(2), false),
        page(all.slice(2, 3), true),
        page(all.slice(1), false),
        page(all, false),
        page([], false),
      ]);
    });

    it('answers for each conference by itself, also for one that does not exist', async () => {
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

    it('leaves out retired claims and deleted events, and authors that have no others', async () => {
      const [gone, one, both] = byId([v7(), v7(), v7()]) as [string, string, string];
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

    it('ends a page with the author that brings it to the largest number of pairs, and does not split the author', async () => {
      const events = [first, second];
      while (events.length < 11) events.push((await subject.createEvent(conference)).id);
      const authors = byId(Array.from({ length: pageSize.max }, () => v7()));
      const claims: PlantedClaim[] = authors.flatMap((right) =>
        events.map((left) => ({ claim_id: newClaim(), left, right })),
      );
      await subject.plant(claims);
      const fit = Math.ceil(maxPairsByConference / events.length);
      expect(fit * events.length).to.be.above(maxPairsByConference);
      const [whole, rest] = await subject.copy.listByConference([
        list(pageSize.max),
        list(pageSize.max, authors[fit - 1]),
      ]);
      if (whole?.outcome !== 'found' || rest?.outcome !== 'found') throw new Error('not found');
      expect(whole.attendees.map(({ author_id }) => author_id)).to.deep.equal(authors.slice(0, fit));
      expect(new Set(whole.attendees.map((each) => each.events.length))).to.deep.equal(new Set([events.length]));
      expect(whole.more).to.equal(true);
      expect(rest.attendees.map(({ author_id }) => author_id)).to.deep.equal(authors.slice(fit));
      expect(rest.more).to.equal(false);
    });
  });
}
