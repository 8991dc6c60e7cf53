import { expect } from 'chai';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { atOnce } from '../../../many-to-many/test/gateway/createGateway.ts';
import {
  cutPage,
  cuts,
  cycle,
  readPages,
  twoCopies,
  visible,
} from '../../../many-to-many/test/gateway/randomCopies.ts';
import { createScriptedAttendance, sampleAuthor, sampleConference } from './scriptedAttendance.ts';

const conference = sampleConference();
const events = [v7(), v7(), v7()].sort();

describe('lists by conference, with random claims and page sizes', () => {
  const authors = Array.from({ length: 6 }, () => v7()).sort();
  const pairOf = (author_id: string, event_id: string) => `${author_id} ${event_id}`;
  const pairs = authors.flatMap((author_id) => events.map((event_id) => pairOf(author_id, event_id)));
  const plans = fc.record({ copies: twoCopies(pairs), limit: fc.integer({ min: 1, max: 7 }), sizes: cuts });

  it('return exactly the visible pairs, each once, in the order of authors', () =>
    fc.assert(
      fc.asyncProperty(plans, async ({ copies: { one, other }, limit, sizes }) => {
        const scripted = createScriptedAttendance();
        const cut = cycle(sizes);
        const eventsOf = (author_id: string) => events.filter((event_id) => one.has(pairOf(author_id, event_id)));
        scripted.conference.listByConference.reply((item) => {
          const { keys, more } = cutPage(
            authors.filter((author_id) => eventsOf(author_id).length > 0),
            item,
            cut(),
          );
          const attendees = keys.map((author_id) => ({
            author_id,
            events: eventsOf(author_id).map((event_id) => ({
              event_id,
              claims: one.get(pairOf(author_id, event_id))!,
            })),
          }));
          return { outcome: 'found', entity: conference, attendees, more };
        });
        scripted.author.readAttendees.reply(({ author_id, event_ids }) => {
          const claims = event_ids.map((event_id) => other.get(pairOf(author_id, event_id)) ?? []);
          // the author service may also have deleted an author without claims
          if (claims.every(({ length }) => length === 0)) return { outcome: 'entity_not_found' };
          return { outcome: 'found', entity: sampleAuthor(author_id), events: claims };
        });
        const pages = await readPages(async (after) => {
          const listed = await atOnce(
            scripted,
            scripted.attendance.listByConference({ id: conference.id, after, limit }, 'request-1'),
          );
          if (listed.outcome !== 'found') throw new Error(listed.outcome);
          return listed;
        });
        for (const page of pages) expect(page.length).to.be.at.most(limit);
        const attendees = pages.flat();
        for (const { events: attended } of attendees) expect(attended).not.to.be.empty;
        expect(new Set(attendees.map(({ author }) => author.id))).to.have.property('size', attendees.length);
        expect(attendees.flatMap(({ author, events }) => events.map((id) => pairOf(author.id, id)))).to.deep.equal(
          visible({ one, other }),
        );
      }),
      { numRuns: 200 },
    ));
});
