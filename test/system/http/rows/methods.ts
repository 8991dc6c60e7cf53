import { call, get, nobody, type Row } from '../row.ts';

const notAllowed = { status: 405, code: 'method_not_allowed', headers: { allow: /GET, HEAD/ } } as const;

/** Methods: RFC 9110, section 9. */
export const methods: Row[] = [
  { section: '9110 9.3.1', what: '`GET` of a list', send: [get('<list>?limit=1')], status: 200 },
  {
    section: '9110 9.3.2',
    what: '`HEAD`: the head that `GET` has, and no body',
    send: [call('HEAD', '<list>?limit=1')],
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': /^\d+$/ },
  },
  {
    section: '9110 9.3.2',
    what: '`HEAD` of a problem',
    send: [call('HEAD', '/nowhere'), call('HEAD', '/nowhere', 'Content-Length: 0\r\n')],
    status: 404,
    headers: { 'content-type': 'application/problem+json', 'content-length': /^\d+$/ },
    everywhere: true,
  },
  {
    section: '9110 9.3.7',
    what: '`OPTIONS` and every other method that a route does not allow',
    send: ['OPTIONS', 'PUT', 'PATCH', 'TRACE', 'PROPFIND', 'QUERY', 'SOURCE', 'LINK'].map((method) =>
      call(method, '<list>'),
    ),
    ...notAllowed,
    everywhere: true,
  },
  {
    section: '9110 9.1',
    what: 'a method that Node does not know',
    send: [call('BREW', '<list>'), call('BREW', '<list>?a=b'), call('A'.repeat(200), '<list>')],
    ...notAllowed,
    closes: true,
    everywhere: true,
  },
  {
    section: '9110 9.1',
    what: 'either of these for a path without a route',
    send: [call('PUT', '/nowhere'), call('BREW', '/nowhere')],
    status: 404,
    code: 'route_not_found',
    closes: 'some',
    everywhere: true,
  },
  {
    section: '9112 3.1',
    what: 'a method that is not a token, or not in upper case',
    send: ['G@T', 'get', '', 'GET/', '"GET"'].map((method) => call(method, '<list>')),
    status: 400,
    code: 'invalid_request',
    closes: true,
    everywhere: true,
  },
  {
    section: '9110 9.3.5',
    what: '`DELETE` of an entity that does not exist',
    send: [call('DELETE', `<list>/${nobody}`)],
    status: 404,
  },
  {
    section: '9110 9.2.2',
    what: 'fields that name another method',
    send: [get('<list>?limit=1', 'X-HTTP-Method-Override: DELETE\r\nX-HTTP-Method: PUT\r\n')],
    status: 200,
    everywhere: true,
    note: 'ignored',
  },
];
