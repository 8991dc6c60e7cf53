import { expect } from 'chai';
import fc from 'fast-check';
import { populate, sendWithRetries, unknownId, useGateway } from '../support/gateway.ts';

describe('invalid requests to the gateway', () => {
  const client = useGateway();

  const refused: [what: string, method: string, path: string, body: unknown, status: number, paths: string[]][] = [
    ['malformed JSON', 'POST', '/author', '{"full_name":', 400, ['body']],
    ['an empty body', 'POST', '/author', undefined, 400, ['body']],
    ['a body that is no object', 'POST', '/author', '[]', 400, ['body']],
    ['a missing field', 'POST', '/author', {}, 400, ['body.full_name']],
    ['a wrong type', 'POST', '/author', { full_name: 1 }, 400, ['body.full_name']],
    ['an unknown field', 'POST', '/author', { full_name: 'Ada', id: unknownId }, 400, ['body.id']],
    ['an unknown __proto__', 'POST', '/author', '{"full_name":"Ada","__proto__":{}}', 400, ['body.__proto__']],
    ['an empty name', 'POST', '/author', { full_name: '' }, 400, ['body.full_name']],
    ['a name too long', 'POST', '/author', { full_name: 'é'.repeat(1025) }, 400, ['body.full_name']],
    ['U+0000', 'POST', '/author', { full_name: 'a\0b' }, 400, ['body.full_name']],
    ['a lone surrogate', 'POST', '/author', '{"full_name":"\\ud800"}', 400, ['body.full_name']],
    ['an acronym too long', 'POST', '/conference', { acronym: 'x'.repeat(256) }, 400, ['body.acronym']],
    [
      'every fault at once',
      'POST',
      '/event',
      { conference_id: 'x', seq: 0, y: 1 },
      400,
      ['body.conference_id', 'body.seq', 'body.y'],
    ],
    ['a seq too large', 'POST', '/event', { conference_id: unknownId, seq: 2 ** 31 }, 400, ['body.seq']],
    ['a seq that is no integer', 'POST', '/event', { conference_id: unknownId, seq: 1.5 }, 400, ['body.seq']],
    ['a bad uuid', 'GET', '/author/1', undefined, 400, ['params.id']],
    ['two bad uuids', 'POST', '/event/x/attendance/y', undefined, 400, ['params.event_id', 'params.author_id']],
    ['a body where none belongs', 'POST', `/event/${unknownId}/attendance/${unknownId}`, {}, 400, ['body']],
    ['a limit of 0', 'GET', '/author?limit=0', undefined, 400, ['query.limit']],
    ['a limit too large', 'GET', '/author?limit=501', undefined, 400, ['query.limit']],
    ['two limits', 'GET', '/author?limit=1&limit=2', undefined, 400, ['query.limit']],
    ['an unknown parameter', 'GET', '/author?page=1', undefined, 400, ['query.page']],
    ['a bad cursor', 'GET', '/author?cursor=x', undefined, 400, ['query.cursor']],
    ['no conference_id', 'GET', '/event', undefined, 400, ['query.conference_id']],
  ];
  for (const [what, method, path, body, status, paths] of refused)
    it(`${method} ${path.slice(0, 40)} with ${what}: ${status}, naming the fault`, async () => {
      const reply = await client().request(method, path, { body });
      expect(reply.status).to.equal(status);
      expect(reply.headers['content-type']).to.equal('application/problem+json');
      expect(reply.problem).to.include({ status, code: 'invalid_request' });
      expect(reply.problem!.request_id).to.equal(reply.headers['x-request-id']);
      expect(reply.problem!.errors!.map((fault) => fault.path)).to.deep.equal(paths);
    });

  it('an unknown route: 404; /metrics and internal routes are not public', async () => {
    for (const path of [
      '/',
      '/authors',
      '/Author',
      '/metrics',
      '/healthz',
      '/internal/relation/insertClaims',
      '//',
      '/%ff',
    ]) {
      const { status, problem } = await client().request('GET', path);
      expect([status, problem!.code], path).to.deep.equal([404, 'route_not_found']);
    }
  });

  it('a wrong or unknown method: 405 with Allow', async () => {
    const allow = async (method: string, path: string) => {
      const { status, problem, headers } = await client().request(method, path);
      expect([status, problem!.code], method).to.deep.equal([405, 'method_not_allowed']);
      return headers.allow;
    };
    expect(await allow('PUT', '/author')).to.equal('GET, HEAD, POST');
    expect(await allow('OPTIONS', `/author/${unknownId}`)).to.equal('DELETE, GET, HEAD');
    expect(await allow('PROPFIND', `/event/${unknownId}/attendance/${unknownId}`)).to.equal('DELETE, GET, HEAD, POST');
  });

  it('every answer carries the request id, nosniff and a policy that allows nothing', async () => {
    const { author } = await populate(client());
    for (const path of [`/author/${author.id}`, '/nowhere', '/author/x', '/openapi.json']) {
      const { headers } = await client().request('GET', path, { headers: { 'x-request-id': 'my-id.1' } });
      expect(headers['x-request-id'], path).to.equal('my-id.1');
      expect(headers['x-content-type-options']).to.equal('nosniff');
      expect(headers['content-security-policy']).to.equal("default-src 'none'; frame-ancestors 'none'");
    }
    for (const id of ['has space', 'x'.repeat(65), 'a"b']) {
      const { headers } = await client().request('GET', '/author', { headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
    }
  });

  it('no request is answered 500', async function () {
    const segment = fc.oneof(
      fc.constantFrom(
        'author',
        'event',
        'conference',
        'attendance',
        unknownId,
        'openapi.json',
        '..',
        '%00',
        '%',
        '%c3%28',
      ),
      fc.webSegment(),
    );
    const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
    const query = fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map((text) => `?${text}`),
    );
    const field = fc.constantFrom('full_name', 'acronym', 'conference_id', 'seq', '__proto__', 'constructor');
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom('\0', '\ud800', 1e308, -0));
    const body = fc.oneof(
      fc.constant(undefined),
      fc.dictionary(field, value).map((fields) => JSON.stringify(fields)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'PATCH');
    await fc.assert(
      fc.asyncProperty(method, path, query, body, async (verb, route, search, content) => {
        const target = encodeURI(decodeSafely(route)) + search;
        const reply = await sendWithRetries(() => client().request(verb, target, { body: content }));
        expect(reply.error, reply.error?.message).to.equal(undefined);
        expect(reply.status).to.be.below(500);
      }),
      { numRuns: 500 },
    );
  });
});

function decodeSafely(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
