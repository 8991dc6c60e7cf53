import type { Conference, Event } from '@attendance/common/contract/entities';
import { Problem } from '@attendance/common/contract/problems';
import {
  maxPairsByConference,
  type conferenceLists,
  type conferenceOperations,
} from '@attendance/common/contract/relation';
import { withClient } from '@attendance/common/database/client';
import { createPool, type ServicePool } from '@attendance/common/database/pool';
import { internalHandlers } from '@attendance/common/http/internal';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import type { OutcomeOf } from 'many-to-many';
import { overPool, type Query } from 'many-to-many/copy';
import { v7 } from 'uuid';
import { context } from '../../../test/support/handlers.ts';
import { createTestDatabases, type TestDatabases } from '../../../test/support/postgres.ts';
import { conferenceHandlers } from '../src/routes/conferences.ts';
import { eventHandlers } from '../src/routes/events.ts';
import { createConferenceCopy } from '../src/service.ts';

const makeHandlers = (query: Query) => ({
  ...conferenceHandlers(query),
  ...eventHandlers(query),
  ...internalHandlers<typeof conferenceOperations>(createConferenceCopy(query, createTimes())),
});
const nothing = { params: {}, query: {}, body: null };

describe("the conference service's handlers", () => {
  let databases: TestDatabases;
  let pool: ServicePool;
  let handlers: ReturnType<typeof makeHandlers>;

  before(async () => {
    databases = await createTestDatabases();
    pool = createPool({ ...databases.conference.service, poolMax: 8, applicationName: 'test' }, createTimes());
    handlers = makeHandlers(overPool(pool));
  });
  after(async () => {
    await pool.end();
    await databases.drop();
  });

  const createConference = async (acronym = 'SWAT'): Promise<Conference> => {
    const answer = await handlers.createConference({ ...nothing, body: { acronym } }, context());
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const tryEvent = (conference_id: string, seq: number) =>
    handlers.createEvent({ ...nothing, body: { conference_id, seq } }, context());
  const createEvent = async (conference_id: string, seq: number): Promise<Event> => {
    const answer = await tryEvent(conference_id, seq);
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const getConference = (id: string) => handlers.getConference({ ...nothing, params: { id } }, context());
  const getEvent = (id: string) => handlers.getEvent({ ...nothing, params: { id } }, context());
  const deleteConference = (id: string) => handlers.deleteConference({ ...nothing, params: { id } }, context());
  const deleteEvent = (id: string) => handlers.deleteEvent({ ...nothing, params: { id } }, context());
  const listEvents = (conference_id: string, limit: number, cursor?: string) =>
    handlers.listEvents({ ...nothing, query: { conference_id, limit, cursor } }, context());
  const eventPage = async (conference_id: string, limit: number, cursor?: string) => {
    const answer = await listEvents(conference_id, limit, cursor);
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const whole = (problem: unknown) => ({ code: (problem as Problem).code, errors: (problem as Problem).errors });
  const notFound = (entity: string, path: string, id: string) => ({
    code: `${entity}_not_found`,
    errors: [{ path, code: `${entity}_not_found`, message: `there is no ${entity} ${id}` }],
  });

  it('POST /conference gives the conference, and its location', async () => {
    const answer = await handlers.createConference({ ...nothing, body: { acronym: 'SWAT' } }, context());
    if (answer instanceof Problem) throw answer;
    expect(answer).to.include({ status: 201, location: `/conference/${answer.body.id}` });
    expect(await getConference(answer.body.id)).to.deep.equal({ status: 200, body: answer.body });
  });

  it('GET /conference pages in the order of ids', async () => {
    const created = [];
    for (let i = 0; i < 4; i += 1) created.push(await createConference(`C${i}`));
    const seen: Conference[] = [];
    let cursor: string | undefined;
    do {
      const answer = await handlers.listConferences({ ...nothing, query: { limit: 2, cursor } }, context());
      if (answer instanceof Problem) throw answer;
      seen.push(...answer.body.items);
      cursor = answer.body.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).to.deep.include.members(created);
    expect(seen.map(({ id }) => id)).to.deep.equal(seen.map(({ id }) => id).sort());
  });

  it('POST /event gives the event with its conference, and its location', async () => {
    const conference = await createConference();
    const answer = await tryEvent(conference.id, 2 ** 31 - 1);
    if (answer instanceof Problem) throw answer;
    const { id, created_at } = answer.body;
    expect(answer).to.deep.equal({
      status: 201,
      location: `/event/${id}`,
      body: { id, conference, seq: 2 ** 31 - 1, created_at },
    });
    expect(await getEvent(id)).to.deep.equal({ status: 200, body: answer.body });
  });

  it('POST /event names a conference that does not exist, and a seq that is taken', async () => {
    const unknown = v7();
    expect(whole(await tryEvent(unknown, 1))).to.deep.equal(notFound('conference', 'body.conference_id', unknown));
    const { id } = await createConference();
    await createEvent(id, 1);
    expect(whole(await tryEvent(id, 1))).to.deep.equal({
      code: 'seq_taken',
      errors: [{ path: 'body.seq', code: 'seq_taken', message: 'is the seq of another event of the conference' }],
    });
  });

  it('POST /event with one seq many times at once makes one event', async () => {
    const { id } = await createConference();
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryEvent(id, 7)));
    expect(answers.filter((answer) => answer.status === 201)).to.have.length(1);
    expect(answers.filter((answer) => answer instanceof Problem && answer.code === 'seq_taken')).to.have.length(7);
  });

  it('DELETE /event/:id deletes once, with its claims; then its seq and its conference are free', async () => {
    const conference = await createConference();
    const { id } = await createEvent(conference.id, 1);
    const item = { left: id, right: v7(), claim_id: v7(), request_ids: ['a'] };
    await handlers.insertClaims({ ...nothing, body: { items: [item] } }, context());
    expect(whole(await deleteConference(conference.id))).to.deep.equal({ code: 'conference_has_events', errors: [] });
    expect(await deleteEvent(id)).to.deep.equal({ status: 204 });
    expect(whole(await deleteEvent(id))).to.deep.equal(notFound('event', 'params.id', id));
    expect(whole(await getEvent(id))).to.deep.equal(notFound('event', 'params.id', id));
    const left = await withClient(databases.conference.owner, (client) =>
      client.query('SELECT FROM attendance WHERE event_id = $1', [id]),
    );
    expect(left.rowCount).to.equal(0);
    await deleteEvent((await createEvent(conference.id, 1)).id);
    expect(await deleteConference(conference.id)).to.deep.equal({ status: 204 });
    expect(whole(await deleteConference(conference.id))).to.deep.equal(
      notFound('conference', 'params.id', conference.id),
    );
    expect(whole(await getConference(conference.id))).to.deep.equal(notFound('conference', 'params.id', conference.id));
  });

  it('DELETE /conference/:id and POST /event at once: one of them wins', async () => {
    for (let i = 0; i < 20; i += 1) {
      const { id } = await createConference();
      const [deleted, created] = await Promise.all([deleteConference(id), tryEvent(id, 1)]);
      const code = (answer: object) => (answer instanceof Problem ? (answer as Problem).code : 'done');
      expect([code(deleted), code(created)]).to.be.deep.oneOf([
        ['done', 'conference_not_found'],
        ['conference_has_events', 'done'],
      ]);
      expect((await getConference(id)).status).to.equal(code(deleted) === 'done' ? 404 : 200);
    }
  });

  describe('GET /event', () => {
    it('pages in the order of seq, whenever the events were created', async () => {
      const { id } = await createConference();
      for (const seq of [5, 3, 9, 1, 7]) await createEvent(id, seq);
      const first = await eventPage(id, 2);
      expect(first.items.map(({ seq }) => seq)).to.deep.equal([1, 3]);
      await createEvent(id, 2);
      await createEvent(id, 4);
      const second = await eventPage(id, 3, first.next_cursor!);
      expect(second.items.map(({ seq }) => seq)).to.deep.equal([4, 5, 7]);
      const third = await eventPage(id, 3, second.next_cursor!);
      expect(third.items.map(({ seq }) => seq)).to.deep.equal([9]);
      expect(third.next_cursor).to.equal(null);
    });

    it('distinguishes a conference without events from one that does not exist', async () => {
      const { id } = await createConference();
      expect(await eventPage(id, 10)).to.deep.equal({ items: [], next_cursor: null });
      const unknown = v7();
      expect(whole(await listEvents(unknown, 10))).to.deep.equal(
        notFound('conference', 'query.conference_id', unknown),
      );
    });

    it("refuses another conference's cursor", async () => {
      const [one, other] = [await createConference(), await createConference()];
      for (const seq of [1, 2]) await createEvent(one.id, seq);
      const { next_cursor } = await eventPage(one.id, 1);
      const problem = await listEvents(other.id, 1, next_cursor!).catch((error: unknown) => error);
      expect(problem).to.include({ code: 'invalid_request' });
    });
  });

  describe('POST /internal/relation/listByConference', () => {
    type Outcome = OutcomeOf<(typeof conferenceLists)['listByConference']>;
    type Found = Extract<Outcome, { outcome: 'found' }>;
    const list = async (conference_id: string, limit: number, after: string | null = null) => {
      const item = { conference_id, limit, after, request_ids: ['a'] };
      const answer = await handlers.listByConference({ ...nothing, body: { items: [item] } }, context());
      if (answer instanceof Problem) throw answer;
      return answer.body.outcomes[0]!;
    };
    const attend = async (left: string, authors: string[]) => {
      const items = authors.map((right) => ({ left, right, claim_id: v7(), request_ids: ['a'] }));
      await handlers.insertClaims({ ...nothing, body: { items } }, context());
      return items;
    };

    it('pages through the authors, each with all of its events and claims there', async () => {
      const [conference, other] = [await createConference(), await createConference()];
      const events = [await createEvent(conference.id, 1), await createEvent(conference.id, 2)];
      const elsewhere = await createEvent(other.id, 1);
      const authors = [v7(), v7(), v7()].sort();
      const claims: Awaited<ReturnType<typeof attend>> = [];
      for (const event of [...events, elsewhere]) claims.push(...(await attend(event.id, authors)));
      claims.push(...(await attend(events[0]!.id, [authors[1]!])));
      const gone = await attend(events[1]!.id, [v7()]);
      const retired = { claim_ids: gone.map(({ claim_id }) => claim_id), remove_id: null, request_ids: ['a'] };
      const { left, right } = gone[0]!;
      await handlers.retireClaims({ ...nothing, body: { items: [{ left, right, ...retired }] } }, context());
      const attendee = (author_id: string) => ({
        author_id,
        events: events
          .map(({ id }) => id)
          .sort()
          .map((event_id) => ({
            event_id,
            claims: claims
              .filter((claim) => claim.right === author_id && claim.left === event_id)
              .map(({ claim_id }) => claim_id)
              .sort(),
          })),
      });
      const found = (from: number, to: number, more: boolean) => ({
        outcome: 'found',
        entity: conference,
        attendees: authors.slice(from, to).map(attendee),
        more,
      });
      expect(await list(conference.id, 2)).to.deep.equal(found(0, 2, true));
      expect(await list(conference.id, 2, authors[1])).to.deep.equal(found(2, 3, false));
      expect(await list(conference.id, 3)).to.deep.equal(found(0, 3, false));
      expect(await list(conference.id, 3, authors[2])).to.deep.equal(found(3, 3, false));
    });

    it('distinguishes a conference without attendance from one that does not exist', async () => {
      const conference = await createConference();
      expect(await list(conference.id, 5)).to.deep.equal({
        outcome: 'found',
        entity: conference,
        attendees: [],
        more: false,
      });
      expect(await list(v7(), 5)).to.deep.equal({ outcome: 'entity_not_found' });
    });

    it('ends a page after the author that brings it to the largest number of pairs, and does not split the author', async () => {
      const conference = await createConference();
      const eventsOfEach = 300;
      const authors = Array.from({ length: 20 }, () => v7()).sort();
      // directly in the database: a test could not create as many through the service
      await withClient(databases.conference.owner, async (client) => {
        await client.query(
          `INSERT INTO events (id, conference_id, seq)
           SELECT md5($1::text || seq)::uuid, $1::uuid, seq FROM generate_series(1, $2) AS seq`,
          [conference.id, eventsOfEach],
        );
        await client.query(
          `INSERT INTO attendance (claim_id, event_id, conference_id, author_id)
           SELECT gen_random_uuid(), e.id, e.conference_id, a
           FROM events e, unnest($2::uuid[]) AS a, generate_series(1, CASE WHEN e.seq = 1 THEN 3 ELSE 1 END)
           WHERE conference_id = $1`,
          [conference.id, authors],
        );
      });
      const fill = Math.ceil(maxPairsByConference / eventsOfEach);
      const first = (await list(conference.id, 500)) as Found;
      expect(first.attendees.map(({ author_id }) => author_id)).to.deep.equal(authors.slice(0, fill));
      for (const { events } of first.attendees) expect(events).to.have.length(eventsOfEach);
      expect(first.more).to.equal(true);
      const second = (await list(conference.id, 500, authors[fill - 1])) as Found;
      expect(second.attendees.map(({ author_id }) => author_id)).to.deep.equal(authors.slice(fill));
      expect(second.more).to.equal(false);
      expect(((await list(conference.id, fill - 1)) as Found).attendees).to.have.length(fill - 1);
    });
  });
});
