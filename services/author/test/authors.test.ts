import type { Author } from '@attendance/common/contract/entities';
import { Problem } from '@attendance/common/contract/problems';
import { internalContract } from '@attendance/common/contract/internal';
import { authorOperations } from '@attendance/common/contract/relation';
import { createPool, type ServicePool } from '@attendance/common/database/pool';
import { internalHandlers } from '@attendance/common/http/internal';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { overPool, type Query } from 'many-to-many/copy';
import { v7 } from 'uuid';
import { createContext } from '../../../test/support/handlers.ts';
import { createTestDatabases, withOpenTransaction, type TestDatabases } from '../../../test/support/postgres.ts';
import { authorHandlers } from '../src/routes/authors.ts';
import { createAuthorCopy } from '../src/service.ts';

const createHandlers = (query: Query) => ({
  ...authorHandlers(query),
  ...internalHandlers<typeof authorOperations>(createAuthorCopy(query, createTimes())),
});
const emptyRequest = { params: {}, query: {}, body: null };

describe("the author service's handlers", () => {
  let databases: TestDatabases;
  let pool: ServicePool;
  let handlers: ReturnType<typeof createHandlers>;

  before(async () => {
    databases = await createTestDatabases();
    pool = createPool({ ...databases.author.serviceRole, poolMax: 8, applicationName: 'test' }, createTimes());
    handlers = createHandlers(overPool(pool));
  });
  after(async () => {
    await pool.end();
    await databases.drop();
  });

  const create = async (full_name: string): Promise<Author> => {
    const answer = await handlers.createAuthor({ ...emptyRequest, body: { full_name } }, createContext());
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const get = (id: string) => handlers.getAuthor({ ...emptyRequest, params: { id } }, createContext());
  const remove = (id: string) => handlers.deleteAuthor({ ...emptyRequest, params: { id } }, createContext());
  const list = async (limit: number, cursor?: string) => {
    const answer = await handlers.listAuthors({ ...emptyRequest, query: { limit, cursor } }, createContext());
    if (answer instanceof Problem) throw answer;
    return answer.body;
  };
  const notFound = (id: string) => ({
    code: 'author_not_found',
    errors: [{ path: 'params.id', code: 'author_not_found', message: `there is no author ${id}` }],
  });
  const codeAndErrors = (problem: unknown) => ({
    code: (problem as Problem).code,
    errors: (problem as Problem).errors,
  });

  it('POST /author answers with the author and its location', async () => {
    const answer = await handlers.createAuthor(
      { ...emptyRequest, body: { full_name: 'Ada Lovelace' } },
      createContext(),
    );
    if (answer instanceof Problem) throw answer;
    const { status, body, location } = answer;
    expect({ status, location }).to.deep.equal({ status: 201, location: `/author/${body.id}` });
    expect(body.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(body.full_name).to.equal('Ada Lovelace');
    expect(new Date(body.created_at).toISOString()).to.equal(body.created_at);
    expect(await get(body.id)).to.deep.equal({ status: 200, body });
  });

  it('POST /author stores any text unchanged', async () => {
    for (const full_name of [
      'x',
      '😀'.repeat(1024),
      `'"\\; DROP TABLE authors; --`,
      ' \t\n',
      'é\u0301\u202e',
      '{}',
      '?',
      '$1',
    ])
      expect((await create(full_name)).full_name).to.equal(full_name);
  });

  it('GET and DELETE /author/:id name the author that does not exist', async () => {
    const id = v7();
    expect(codeAndErrors(await get(id))).to.deep.equal(notFound(id));
    expect(codeAndErrors(await remove(id))).to.deep.equal(notFound(id));
  });

  it('DELETE /author/:id deletes the author, then answers 404', async () => {
    const { id } = await create('Ada');
    expect(await remove(id)).to.deep.equal({ status: 204 });
    expect(codeAndErrors(await remove(id))).to.deep.equal(notFound(id));
    expect(codeAndErrors(await get(id))).to.deep.equal(notFound(id));
  });

  it('DELETE /author/:id does not wait for adds, which lock the author', async () => {
    const { id } = await create('Ada');
    const lock = 'SELECT FROM authors WHERE id = $1 FOR KEY SHARE';
    const outcome = await withOpenTransaction(databases.author.serviceRole, lock, [id], () => remove(id));
    expect(outcome).to.deep.equal({ status: 204 });
  });

  it('DELETE /author/:id is certainly not executed if it waits too long for a lock', async () => {
    const { id } = await create('Ada');
    const lock = 'SELECT FROM authors WHERE id = $1 FOR UPDATE';
    const outcome = await withOpenTransaction(databases.author.serviceRole, lock, [id], () =>
      remove(id).catch((error: unknown) => error),
    );
    expect(outcome).to.include({ outcome: 'not_executed' });
  });

  describe('GET /author', () => {
    it('lists all authors page by page, also while more are created', async () => {
      const created = [];
      for (let i = 0; i < 7; i += 1) created.push(await create(`Author ${i}`));
      const seen: Author[] = [];
      let cursor: string | undefined;
      do {
        const page = await list(3, cursor);
        expect(page.items.length).to.be.at.most(3);
        seen.push(...page.items);
        cursor = page.next_cursor ?? undefined;
        if (seen.length < 6) created.push(await create('Late author'));
      } while (cursor);
      const ids = seen.map(({ id }) => id);
      expect(ids).to.deep.equal([...ids].sort());
      expect(new Set(ids).size).to.equal(ids.length);
      expect(ids).to.include.members(created.map(({ id }) => id));
    });

    it('has no cursor on the last page', async () => {
      const all = (await list(500)).items.length;
      expect((await list(all)).next_cursor).to.equal(null);
      const { next_cursor } = await list(all - 1);
      const last = await list(1, next_cursor!);
      expect(last.items).to.have.length(1);
      expect(last.next_cursor).to.equal(null);
    });
  });

  describe('POST /internal/relation/…', () => {
    it('adds the outcome of each request to the log line', async () => {
      const { id } = await create('Ada');
      const items = [id, v7()].map((right, i) => ({
        left: v7(),
        right,
        claim_id: v7(),
        request_ids: [`request-${i}`, 'both'],
      }));
      const context = createContext();
      await handlers.insertClaims({ ...emptyRequest, body: { items } }, context);
      expect(context.notes).to.deep.equal([
        {
          items: [
            { request_ids: ['request-0', 'both'], outcome: 'accepted' },
            { request_ids: ['request-1', 'both'], outcome: 'entity_not_found' },
          ],
        },
      ]);
    });

    it('refuses a batch of lists with too many pairs', () => {
      const item = { id: v7(), limit: 500, after: null, request_ids: ['a'] };
      const { body } = internalContract(authorOperations).listByOwn;
      const parse = (count: number) => body.safeParse({ items: Array.from({ length: count }, () => item) });
      expect(parse(2).success).to.equal(true);
      expect(parse(3).error!.issues).to.have.lengthOf(1);
      expect(parse(3).error!.issues[0]).to.deep.include({
        path: ['items'],
        message: 'must weigh at most 1000 together',
      });
    });
  });
});
