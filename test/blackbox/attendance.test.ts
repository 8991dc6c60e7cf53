import { expect } from 'chai';
import { addPair, populate, readAllPages, unknownId, useGateway } from '../support/gateway.ts';

describe('attendance at the gateway', () => {
  const client = useGateway();

  describe('POST /event/:event_id/attendance/:author_id', () => {
    it('answers 201 with Location, then 200; every read shows it once', async () => {
      const { conference, event, author } = await populate(client());
      const added = await client().addAttendance(event.id, author.id);
      expect(added.status).to.equal(201);
      expect(added.headers.location).to.equal(`/event/${event.id}/attendance/${author.id}`);
      expect(added.body).to.deep.equal({ event, author });
      const again = await client().addAttendance(event.id, author.id);
      expect([again.status, again.body]).to.deep.equal([200, { event, author }]);

      expect((await client().getAttendance(event.id, author.id)).body).to.deep.equal({ event, author });
      const end = { next_cursor: null };
      expect((await client().listEventAttendance(event.id)).body).to.deep.equal({ event, attendees: [author], ...end });
      expect((await client().listAuthorAttendance(author.id)).body).to.deep.equal({ author, events: [event], ...end });
      const attendees = [{ author, events: [event.id] }];
      expect((await client().listConferenceAttendance(conference.id)).body).to.deep.equal({
        ...{ conference, attendees },
        ...end,
      });
    });

    it('answers 404 naming each missing entity, and records nothing', async () => {
      const { event, author } = await populate(client());
      const codes = async (event_id: string, author_id: string) => {
        const { status, problem } = await client().addAttendance(event_id, author_id);
        expect(status).to.equal(404);
        return problem!.errors!.map(({ code }) => code);
      };
      expect(await codes(event.id, unknownId)).to.deep.equal(['author_not_found']);
      expect(await codes(unknownId, author.id)).to.deep.equal(['event_not_found']);
      expect(await codes(unknownId, unknownId)).to.deep.equal(['event_not_found', 'author_not_found']);
      expect((await client().listEventAttendance(event.id)).body!.attendees).to.deep.equal([]);
      expect((await client().listAuthorAttendance(author.id)).body!.events).to.deep.equal([]);
    });

    it('may be sent any number of times at once', async () => {
      const { event, author } = await populate(client());
      const replies = await Promise.all(Array.from({ length: 100 }, () => client().addAttendance(event.id, author.id)));
      // a copy that holds 16 claims of a pair refuses further ones; such an add certainly failed, and may be repeated
      const statuses = replies.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).to.not.be.empty;
      for (const status of statuses) expect(status).to.be.oneOf([200, 201, 503]);
      expect((await client().listEventAttendance(event.id)).body!.attendees).to.deep.equal([author]);
      expect((await client().removeAttendance(event.id, author.id)).status).to.equal(204);
      expect((await client().getAttendance(event.id, author.id)).status).to.equal(404);
    });
  });

  describe('DELETE /event/:event_id/attendance/:author_id', () => {
    it('answers 204, then 404; no read shows it; it can be added again', async () => {
      const { event, author } = await populate(client());
      for (let round = 0; round < 3; round += 1) {
        expect((await client().addAttendance(event.id, author.id)).status).to.equal(201);
        expect((await client().removeAttendance(event.id, author.id)).status).to.equal(204);
        const { status, problem } = await client().removeAttendance(event.id, author.id);
        expect([status, problem!.code]).to.deep.equal([404, 'attendance_not_found']);
        expect((await client().listAuthorAttendance(author.id)).body!.events).to.deep.equal([]);
      }
    });

    it('answers 404 naming the missing entity', async () => {
      const { event } = await populate(client());
      const { problem } = await client().removeAttendance(event.id, unknownId);
      expect(problem!.code).to.equal('author_not_found');
    });
  });

  describe('DELETE /author/:id and /event/:id', () => {
    it('remove the attendances too, in both directions', async () => {
      const { event, author, events, authors, conference } = await populate(client(), { events: 2, authors: 2 });
      for (const { id: e } of events) for (const { id: a } of authors) await client().addAttendance(e, a);
      await client().deleteAuthor(author.id);
      expect((await client().getAttendance(event.id, author.id)).problem!.code).to.equal('author_not_found');
      expect((await client().listEventAttendance(event.id)).body!.attendees).to.deep.equal([authors[1]]);
      await client().deleteEvent(event.id);
      expect((await client().listAuthorAttendance(authors[1]!.id)).body!.events).to.deep.equal([events[1]]);
      expect((await client().listConferenceAttendance(conference.id)).body!.attendees).to.deep.equal([
        { author: authors[1], events: [events[1]!.id] },
      ]);
    });
  });

  describe('lists', () => {
    it('page through each direction in order, at any page size, and list each pair once', async () => {
      const { conference, event, events, authors } = await populate(client(), { events: 5, authors: 12 });
      const pairs = events.flatMap((e, i) => authors.filter((_, j) => (i + j) % 3 !== 0).map((a) => ({ e, a })));
      await Promise.all(pairs.map(({ e, a }) => addPair(client(), e, a)));
      const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);

      for (const limit of [1, 2, 5, 500]) {
        const ofEvent = await readAllPages((cursor) => client().listEventAttendance(event.id, { limit, cursor }));
        const attendees = pairs.filter(({ e }) => e === event).map(({ a }) => a);
        expect(ofEvent.flatMap((page) => page.attendees)).to.deep.equal(attendees.sort(byId));

        const author = authors[1]!;
        const ofAuthor = await readAllPages((cursor) => client().listAuthorAttendance(author.id, { limit, cursor }));
        const attended = pairs.filter(({ a }) => a === author).map(({ e }) => e);
        expect(ofAuthor.flatMap((page) => page.events)).to.deep.equal(attended.sort(byId));

        const all = await readAllPages((cursor) => client().listConferenceAttendance(conference.id, { limit, cursor }));
        const expected = [...authors].sort(byId).map((a) => ({
          author: a,
          events: pairs
            .filter((pair) => pair.a === a)
            .map(({ e }) => e.id)
            .sort(),
        }));
        expect(all.flatMap((page) => page.attendees)).to.deep.equal(expected.filter(({ events: of }) => of.length > 0));
        for (const page of [...ofEvent, ...ofAuthor, ...all]) expect(JSON.stringify(page)).to.not.include('claim');
      }
    });

    it('answer 404 where their root is unknown', async () => {
      expect((await client().listEventAttendance(unknownId)).problem!.code).to.equal('event_not_found');
      expect((await client().listAuthorAttendance(unknownId)).problem!.code).to.equal('author_not_found');
      expect((await client().listConferenceAttendance(unknownId)).problem!.code).to.equal('conference_not_found');
    });

    it('accept a cursor only for the route and parent that it was made for', async () => {
      const { events, authors } = await populate(client(), { events: 2, authors: 2 });
      for (const { id: e } of events) for (const { id: a } of authors) await client().addAttendance(e, a);
      const cursor = (await client().listEventAttendance(events[0]!.id, { limit: 1 })).body!.next_cursor!;
      expect((await client().listEventAttendance(events[0]!.id, { cursor })).status).to.equal(200);
      for (const path of [`/event/${events[1]!.id}/attendance`, `/author/${authors[0]!.id}/attendance`, '/author']) {
        const { status, problem } = await client().request('GET', `${path}?cursor=${encodeURIComponent(cursor)}`);
        expect([status, problem!.errors![0]!.path], path).to.deep.equal([400, 'query.cursor']);
      }
    });
  });
});
