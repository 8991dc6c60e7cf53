import { expect } from 'chai';
import { populate, readAllPages, unknownId, useGateway } from '../support/gateway.ts';

const isUuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const isTimestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('entities at the gateway', () => {
  const client = useGateway();

  describe('POST /author, /conference, /event', () => {
    it('answers 201 with Location and the entity, which can be read from then on', async () => {
      const author = await client().createAuthor('Alan Turing');
      expect(author.status).to.equal(201);
      expect(author.headers.location).to.equal(`/author/${author.body!.id}`);
      expect(author.body).to.have.all.keys('id', 'full_name', 'created_at');
      expect(author.body!.id).to.match(isUuidv7);
      expect(author.body!.created_at).to.match(isTimestamp);
      expect((await client().getAuthor(author.body!.id)).body).to.deep.equal(author.body);

      const conference = await client().createConference('SWAT');
      expect(conference.headers.location).to.equal(`/conference/${conference.body!.id}`);
      expect((await client().getConference(conference.body!.id)).body).to.deep.equal(conference.body);

      const event = await client().createEvent(conference.body!.id, 1);
      expect(event.headers.location).to.equal(`/event/${event.body!.id}`);
      expect(event.body).to.deep.include({ conference: conference.body, seq: 1 });
      expect((await client().getEvent(event.body!.id)).body).to.deep.equal(event.body);
    });

    it('stores every character', async () => {
      for (const name of ['Ada', ' ', '"\\\n\t', 'Gödel 哥德尔 🧮', '🧮'.repeat(1024)])
        expect((await client().createAuthor(name)).body!.full_name).to.equal(name);
    });

    it('POST /event answers 404 for an unknown conference and 409 for a taken seq', async () => {
      const unknown = await client().createEvent(unknownId, 1);
      expect([unknown.status, unknown.problem!.code]).to.deep.equal([404, 'conference_not_found']);
      const { conference } = await populate(client());
      const taken = await client().createEvent(conference.id, 1);
      expect([taken.status, taken.problem!.code]).to.deep.equal([409, 'seq_taken']);
    });
  });

  describe('GET /author/:id, /conference/:id, /event/:id', () => {
    it('answers 404 and names the missing entity', async () => {
      for (const kind of ['author', 'conference', 'event']) {
        const reply = await client().request('GET', `/${kind}/${unknownId}`);
        expect([reply.status, reply.problem!.code]).to.deep.equal([404, `${kind}_not_found`]);
        expect(reply.text).to.include(unknownId);
      }
    });

    it('treats an id in upper case as the same id', async () => {
      const { author } = await populate(client());
      expect((await client().getAuthor(author.id.toUpperCase())).body).to.deep.equal(author);
    });
  });

  describe('DELETE /author/:id, /conference/:id, /event/:id', () => {
    it('answers 204, then 404', async () => {
      const { author, event, conference } = await populate(client());
      for (const path of [`/author/${author.id}`, `/event/${event.id}`, `/conference/${conference.id}`]) {
        expect((await client().request('DELETE', path)).status, path).to.equal(204);
        expect((await client().request('DELETE', path)).status, path).to.equal(404);
        expect((await client().request('GET', path)).status, path).to.equal(404);
      }
    });

    it('answers 409 for a conference that has events, and keeps it', async () => {
      const { conference } = await populate(client());
      const reply = await client().deleteConference(conference.id);
      expect([reply.status, reply.problem!.code]).to.deep.equal([409, 'conference_has_events']);
      expect((await client().getConference(conference.id)).status).to.equal(200);
    });
  });

  describe('GET /event?conference_id=', () => {
    it('pages through the events of one conference in the order of seq', async () => {
      const { conference } = await populate(client(), { events: 7 });
      const pages = await readAllPages((cursor) => client().listEvents(conference.id, { limit: 3, cursor }));
      expect(pages.map(({ items }) => items.map(({ seq }) => seq))).to.deep.equal([[1, 2, 3], [4, 5, 6], [7]]);
    });

    it('answers 404 for an unknown conference', async () => {
      expect((await client().listEvents(unknownId)).problem!.code).to.equal('conference_not_found');
    });
  });

  describe('GET /author', () => {
    it('lists each author that stays exactly once, while others come and go', async () => {
      const { authors } = await populate(client(), { authors: 40 });
      const busy = new AbortController();
      const others = (async () => {
        while (!busy.signal.aborted) {
          const { author } = await populate(client());
          await client().deleteAuthor(author.id);
        }
      })();
      const pages = await readAllPages((cursor) => client().listAuthors({ limit: 7, cursor }));
      const listed = pages.flatMap(({ items }) => items);
      busy.abort();
      await others;
      const ids = listed.map(({ id }) => id);
      expect(ids).to.deep.equal([...new Set(ids)].sort());
      expect(ids).to.include.members(authors.map(({ id }) => id));
    });
  });
});
