import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import type { Context } from 'koa';
import { expect } from 'chai';
import { pino } from 'pino';
import { createKoa } from '../src/http/koa.ts';
import { Lifecycle } from '../src/runtime/lifecycle.ts';
import { createTimes } from '../src/times.ts';

/** Asks a port whose only route fails in this way. */
async function ask(handle: (ctx: Context) => void) {
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const router = new Router();
  router.get('/fails', handle);
  const handler = createKoa(router, { times: createTimes(), lifecycle: new Lifecycle(), log }).callback();
  const server = createServer((request, response) => void handler(request, response)).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/fails`, { headers: { connection: 'close' } });
  const text = await answer.text();
  server.close();
  return { answer, text, errors: lines.filter(({ level }) => level === 50) };
}

const failures: Record<string, (ctx: Context) => void> = {
  'a handler throws': () => {
    throw new Error('secret');
  },
  'a handler throws what is no error': () => {
    throw 'secret' as unknown as Error;
  },
  'a body cannot be written': (ctx) => {
    ctx.body = { secret: 1n };
  },
  'the log line cannot be made': (ctx) => {
    Object.defineProperty(ctx, 'originalUrl', {
      get: () => {
        throw new Error('secret');
      },
    });
  },
};

describe('an error of the service', () => {
  for (const [what, fail] of Object.entries(failures))
    it(`is answered 500 as a problem document, and logged once with its id: ${what}`, async () => {
      const { answer, text, errors } = await ask(fail);
      const { headers, status } = answer;
      expect([status, headers.get('content-type')]).to.deep.equal([500, 'application/problem+json']);
      expect([...headers.keys()]).to.include.members(['x-content-type-options', 'content-security-policy']);
      const id = headers.get('x-request-id');
      expect(JSON.parse(text)).to.include({ code: 'internal_error', request_id: id });
      expect(text).to.not.include('secret');
      expect(errors.map(({ request_id }) => request_id)).to.deep.equal([id]);
    });
});
