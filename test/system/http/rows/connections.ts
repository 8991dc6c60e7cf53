import { host, json, type Row } from '../row.ts';

const timeout = { status: 408, code: 'request_timeout', closes: true, slow: true } as const;

/** Connections over time: RFC 9112, section 9. */
export const connections: Row[] = [
  { section: '9110 15.5.9', what: 'nothing, for 30 s', send: [''], ...timeout },
  {
    section: '9110 15.5.9',
    what: 'a head that is not complete after 30 s',
    send: [`GET /author HTTP/1.1\r\n${host}`],
    ...timeout,
  },
  {
    section: '9110 15.5.9',
    what: 'a body that is not complete after 30 s',
    send: [
      `POST /author HTTP/1.1\r\n${host}${json}Content-Length: 9\r\n\r\n{`,
      `POST /author HTTP/1.1\r\n${host}${json}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    ],
    ...timeout,
  },
];
