import { get, json, nobody, post, type Row } from '../row.ts';

const invalid = { status: 400, code: 'invalid_request' } as const;
const event = (seq: string) =>
  post(`${json}Content-Length: <rest>\r\n`, `{"conference_id":"${nobody}","seq":${seq}}`).replace('<list>', '/event');

/** Texts that some programs take for the number 5 or 10. */
export const notWhole = [
  '',
  '0',
  '-1',
  '05',
  '5.0',
  '5.',
  '.5e1',
  '5e0',
  '1e1',
  '0x5',
  '0b101',
  '0o5',
  '%205',
  '5%20',
  '5+',
  '+5',
  '%2B5',
  '5%09',
  '5%0a',
  '5%00',
  '%EF%BC%95',
  '%D9%A5',
  '5n',
  '5_0',
  '1,0',
  '5;',
  'NaN',
  'Infinity',
  'true',
  'null',
  '[5]',
  '501',
  '9007199254740993',
  '1'.repeat(400),
];

/** Texts that some programs take for a UUID. */
export const notUuids = [
  '1',
  'x',
  'null',
  nobody.slice(1),
  `${nobody}0`,
  nobody.replaceAll('-', ''),
  `%7B${nobody}%7D`,
  `urn:uuid:${nobody}`,
  `%20${nobody}`,
  `${nobody}%0a`,
  `${nobody}%00`,
  nobody.replace('7', 'g'),
  nobody.replace('7', '%EF%BC%97'),
  '%ff',
];

/** Values in a target or a body: the contract's own, in the syntax of RFC 3986. */
export const values: Row[] = [
  {
    section: '3986 3.4',
    what: '`limit` as decimal digits, however they are escaped',
    send: ['?limit=5', '?limit=500', '?limit=%35', '?li%6dit=5', '?&limit=5&', '?', ''].map((query) =>
      get(`<list>${query}`),
    ),
    status: 200,
  },
  {
    section: '3986 3.4',
    what: '`limit` in any other form, or out of 1 to 500',
    send: notWhole.filter((text) => text !== '[5]').map((text) => get(`<list>?limit=${text}`)),
    ...invalid,
    path: 'query.limit',
  },
  {
    section: '3986 3.4',
    what: 'a parameter sent twice, or without a value',
    send: ['?limit=5&limit=5', '?limit=5&limit=6', '?limit', '?limit=5&li%6dit=5'].map((query) =>
      get(`<list>${query}`),
    ),
    ...invalid,
    path: 'query.limit',
  },
  {
    section: '3986 3.4',
    what: 'an unknown parameter, whatever its name',
    send: [
      'page=1',
      'Limit=1',
      'limit[]=1',
      'limit%00=1',
      '=1',
      '__proto__=1',
      'constructor=1',
      'toString=1',
      'limit%20=1',
    ]
      .filter((query) => !query.includes('['))
      .map((query) => get(`<list>?${query}`)),
    ...invalid,
    path: /^query\./,
  },
  {
    section: '3986 3.4',
    what: 'parameters of `/openapi.json`, and of the management port',
    send: [get('/openapi.json?v=1')],
    status: 200,
    note: 'ignored',
  },
  {
    section: '3986 3.3',
    what: 'an id that is no UUID in its usual form',
    send: notUuids.map((id) => get(`<list>/${id}`)),
    ...invalid,
    path: 'params.id',
  },
  {
    section: '3986 3.3',
    what: 'an id in capital letters, or escaped',
    send: [get(`<list>/${nobody.replace('7', '%37')}`), get(`<list>/${nobody.replace('7000', '7ABC')}`)],
    status: 404,
    note: 'the same id',
  },
  {
    section: '8259 6',
    what: '`seq` that is no JSON number, or no whole one from 1 to 2³¹ − 1',
    send: ['"5"', 'true', 'null', '[5]', '{}', '0', '-1', '-0', '5.5', '2147483648', '1e400'].map(event),
    ...invalid,
    path: 'body.seq',
    at: ['gateway', 'conference'],
  },
  {
    section: '8259 6',
    what: '`seq` as any JSON number with the value of a whole one',
    send: ['5', '5.0', '5e0', '50e-1'].map(event),
    status: 404,
    code: 'conference_not_found',
    at: ['gateway', 'conference'],
    note: 'as JSON Schema has it',
  },
];
