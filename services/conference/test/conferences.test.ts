import type { Conference, Event } from '@attendance/common/contract/entities';
import { Problem } from '@attendance/common/contract/problems';
import type { conferenceOperations } from '@attendance/common/contract/relation';
import { createPool, type ServicePool } from '@attendance/common/database/pool';
import { internalHandlers } from '@attendance/common/http/internal';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { overPool, type Query } from 'many-to-many/copy';
import { v7 } from 'uuid';
import { createContext } from '../../../test/support/handlers.ts';
import { createTestDatabases, type TestDatabases } from '../../../test/support/postgres.ts';
import { conferenceHandlers } from '../src/routes/conferences.ts';
import { eventHandlers } from '../src/routes/events.ts';
import { createConferenceCopy } from '../src/service.ts';

const createHandlers = (query: Query) => ({
  ...conferenceHandlers(query),
  ...eventHandlers(query),
  ...internalHandlers<typeof conferenceOperations>(createConferenceCopy(query, createTimes())),
});
const emptyRequest = { params: {}, query: {}, body: null };

describe("the conference service's handlers", () => {
  let databases: TestDatabases;
  let pool: ServicePool;
  let handlers: ReturnType<typeof createHandlers>;

  before(async () => {
    databases = await createTestDatabases();
    pool = createPool({ ...databases.conference.serviceRole, poolMax: 8, applicationName: 'test' }, createTimes());
    handlers = createHandlers(overPool(pool));
  });
  after(async () => {
    await pool.end();
    await databases.drop();
  });

  const createConference = async (acronym = 'SWAT'): Promise<Conference> => {
    const answer = await handlers.createConference({ ...emptyRequest, body: { acronym } }, createContext());
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const tryEvent = (conference_id: string, seq: number) =>
    handlers.createEvent({ ...emptyRequest, body: { conference_id, seq } }, createContext());
  const createEvent = async (conference_id: string, seq: number): Promise<Event> => {
    const answer = await tryEvent(conference_id, seq);
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const getConference = (id: string) => handlers.getConference({ ...emptyRequest, params: { id } }, createContext());
  const getEvent = (id: string) => handlers.getEvent({ ...emptyRequest, params: { id } }, createContext());
  const deleteConference = (id: string) =>
    handlers.deleteConference({ ...emptyRequest, params: { id } }, createContext());
  const deleteEvent = (id: string) => handlers.deleteEvent({ ...emptyRequest, params: { id } }, createContext());
  const listEvents = (conference_id: string, limit: number, cursor?: string) =>
    handlers.listEvents({ ...emptyRequest, query: { conference_id, limit, cursor } }, createContext());
  const eventPage = async (conference_id: string, limit: number, cursor?: string) => {
    const answer = await listEvents(conference_id, limit, cursor);
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const codeAndErrors = (problem: unknown) => ({
    code: (problem as Problem).code,
    errors: (problem as Problem).errors,
  });
  const notFound = (entity: string, path: string, id: string) => ({
    code: `${entity}_not_found`,
    errors: [{ path, code: `${entity}_not_found`, message: `there is no ${entity} ${id}` }],
  });

  it('POST /conference answers with the conference and its location', async () => {
    const answer = await handlers.createConference({ ...emptyRequest, body: { acronym: 'SWAT' } }, createContext());
    if (answer instanceof Problem) throw answer;
    expect(answer).to.include({ status: 201, location: `/conference/${answer.body.id}` });
    expect(await getConference(answer.body.id)).to.deep.equal({ status: 200, body: answer.body });
  });

  it('GET /conference lists conferences in the order of ids', async () => {
    const created = [];
    for (let i = 0; i < 4; i += 1) created.push(await createConference(`C${i}`));
    const seen: Conference[] = [];
    let cursor: string | undefined;
    do {
      const answer = await handlers.listConferences({ ...emptyRequest, query: { limit: 2, cursor } }, createContext());
      if (answer instanceof Problem) throw answer;
      seen.push(...answer.body.items);
      cursor = answer.body.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).to.deep.include.members(created);
    expect(seen.map(({ id }) => id)).to.deep.equal(seen.map(({ id }) => id).sort());
  });

  it('POST /event answers with the event, its conference and its location', async () => {
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

  it('POST /event refuses an unknown conference and a taken seq', async () => {
    const unknown = v7();
    expect(codeAndErrors(await tryEvent(unknown, 1))).to.deep.equal(
      notFound('conference', 'body.conference_id', unknown),
    );
    const { id } = await createConference();
    await createEvent(id, 1);
    expect(codeAndErrors(await tryEvent(id, 1))).to.deep.equal({
      code: 'seq_taken',
      errors: [{ path: 'body.seq', code: 'seq_taken', message: 'is the seq of another event of the conference' }],
    });
  });

  it('concurrent POST /event with one seq create one event', async () => {
    const { id } = await createConference();
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryEvent(id, 7)));
    expect(answers.filter((answer) => answer.status === 201)).to.have.length(1);
    expect(answers.filter((answer) => answer instanceof Problem && answer.code === 'seq_taken')).to.have.length(7);
  });

  it('DELETE /event/:id deletes the event; then its seq can be reused and its conference deleted', async () => {
    const conference = await createConference();
    const { id } = await createEvent(conference.id, 1);
    expect(codeAndErrors(await deleteConference(conference.id))).to.deep.equal({
      code: 'conference_has_events',
      errors: [],
    });
    expect(await deleteEvent(id)).to.deep.equal({ status: 204 });
    expect(codeAndErrors(await deleteEvent(id))).to.deep.equal(notFound('event', 'params.id', id));
    expect(codeAndErrors(await getEvent(id))).to.deep.equal(notFound('event', 'params.id', id));
    await deleteEvent((await createEvent(conference.id, 1)).id);
    expect(await deleteConference(conference.id)).to.deep.equal({ status: 204 });
    expect(codeAndErrors(await deleteConference(conference.id))).to.deep.equal(
      notFound('conference', 'params.id', conference.id),
    );
    expect(codeAndErrors(await getConference(conference.id))).to.deep.equal(
      notFound('conference', 'params.id', conference.id),
    );
  });

  it('of a concurrent DELETE /conference/:id and POST /event, one succeeds', async () => {
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
    it('lists events in the order of seq, whatever the order of creation', async () => {
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
      expect(codeAndErrors(await listEvents(unknown, 10))).to.deep.equal(
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
});
