import { json, post, type Row } from '../row.ts';

const invalid = { status: 400, code: 'invalid_request' } as const;
const length = 'Content-Length: <length>\r\n';
const ofType = (type: string) => post(`Content-Type: ${type}\r\n${length}`);
/** A body of its own, with its length. */
const raw = (body: string) => post(`${json}Content-Length: <rest>\r\n`, body);

/** What a body is made of: RFC 9110, section 8, and JSON. */
export const bodies: Row[] = [
  {
    section: '9110 8.3',
    what: '`application/json`, with `charset=utf-8` or parameters that no service knows',
    send: [
      'application/json',
      'APPLICATION/JSON;CHARSET=UTF-8',
      'application/json; charset="utf-8"',
      'application/json; charset=utf8',
      'application/json; version=1',
      'application/json;',
    ].map(ofType),
    status: 201,
  },
  {
    section: '9110 8.3',
    what: 'another media type, none, several, or an invalid one',
    send: [
      ...[
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/vnd.api+json',
      ].map(ofType),
      ...['application/json, text/plain', '*/*', 'json', 'application', '/', 'application/jsonx'].map(ofType),
      post(length),
    ],
    status: 415,
    code: 'unsupported_media_type',
    headers: { accept: 'application/json' },
  },
  {
    section: '9110 8.3.2',
    what: 'another charset, or two',
    send: ['latin1', 'utf-16', 'x', 'utf-8; charset=latin1'].map((charset) =>
      ofType(`application/json; charset=${charset}`),
    ),
    status: 415,
    code: 'unsupported_media_type',
    headers: { accept: 'application/json' },
  },
  {
    section: '9110 8.4',
    what: '`Content-Encoding` other than `identity`',
    send: ['gzip', 'br', 'identity, gzip', 'x'].map((coding) =>
      post(`${json}${length}Content-Encoding: ${coding}\r\n`),
    ),
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'accept-encoding': 'identity' },
  },
  {
    section: '9110 8.4.1',
    what: '`Content-Encoding: identity`, or empty',
    send: ['identity', 'Identity', ''].map((coding) => post(`${json}${length}Content-Encoding: ${coding}\r\n`)),
    status: 201,
  },
  {
    section: '9110 8.6',
    what: 'no body where one is needed',
    send: [
      post(json, ''),
      post(`${json}Content-Length: 0\r\n`, ''),
      post(`${json}Transfer-Encoding: chunked\r\n`, '0\r\n\r\n'),
    ],
    ...invalid,
    path: 'body',
  },
  {
    section: '9110 15.5.14',
    what: 'a body of more than 32 KiB, declared or chunked',
    send: [
      post(`${json}Content-Length: 99999\r\n`, 'x'.repeat(99_999)),
      post(`${json}Transfer-Encoding: chunked\r\n`, `fffff\r\n${'x'.repeat(0xfffff)}\r\n0\r\n\r\n`),
    ],
    status: 413,
    code: 'body_too_large',
  },
  {
    section: '8259 8.1',
    what: 'bytes that are not UTF-8',
    send: [raw('{"full_name":"\xff"}'), raw('"\xc0\x80"'), raw('\xff\xfe{\0}\0')],
    ...invalid,
    path: 'body',
  },
  {
    section: '8259 2',
    what: 'text that is not JSON, or more than one value',
    send: ['{', '{"a":}', "{'a':1}", '{} {}', 'NaN', '01', '[1,]', '// a\n{}', '\0', ' '].map(raw),
    ...invalid,
    path: 'body',
  },
  {
    section: '8259 2',
    what: 'JSON that is not an object; deeply nested arrays',
    send: ['null', '1', '"a"', 'true', '[]', '['.repeat(10_000) + ']'.repeat(10_000)].map(raw),
    ...invalid,
    path: 'body',
  },
  {
    section: '8259 4',
    what: 'an unknown member, whatever its name',
    send: ['"a":1', '"__proto__":{}', '"constructor":{}', '"":1', '"id":"a"'].map((member) =>
      raw(`{<member>,${member}}`),
    ),
    ...invalid,
    path: /^body\./,
  },
  {
    section: '8259 4',
    what: 'a member sent twice; a byte order mark at the start',
    send: [raw('{<member>,<member>}'), raw('\xef\xbb\xbf{<member>}')],
    status: 201,
    note: 'the last member counts, the mark is ignored',
  },
];
