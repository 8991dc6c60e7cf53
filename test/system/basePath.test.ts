import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { createClient, type Client } from '../support/client.ts';
import { patient, useSystem } from '../support/system.ts';

const prefix = '/the/api';

/** Starts a proxy that serves a gateway below the prefix, which it strips. */
async function startProxy(gateway: () => string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(`${prefix}/`)) {
      outgoing.writeHead(502).end();
      return;
    }
    const passed = request(gateway() + url.slice(prefix.length), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('a gateway behind a proxy that strips a prefix', () => {
  const { system } = useSystem({ direct: true, environment: { ...patient, BASE_PATH: prefix } });
  let proxy: Server;
  let client: Client;
  before(async () => {
    proxy = await startProxy(() => system.gateway);
    client = createClient({ gateway: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  });
  after(() => {
    client.close();
    proxy.close();
  });

  /** Creates an entity and gives the path at which `Location` says it is. */
  async function create(path: string, body?: unknown): Promise<string> {
    const { status, headers, text } = await client.request('POST', prefix + path, { body });
    expect(status, text).to.equal(201);
    expect(headers.location).to.match(/^\/the\/api\//);
    return headers.location!;
  }

  it('answers a Location below the prefix, where the entity is', async () => {
    const idOf = (location: string) => location.slice(location.lastIndexOf('/') + 1);
    const author = await create('/author', { full_name: 'Ada' });
    const conference = await create('/conference', { acronym: 'SWAT' });
    const event = await create('/event', { conference_id: idOf(conference), seq: 1 });
    const attendance = await create(`/event/${idOf(event)}/attendance/${idOf(author)}`);
    for (const location of [author, conference, event, attendance])
      expect((await client.request('GET', location)).status, location).to.equal(200);
  });

  it('has an OpenAPI document whose server is the prefix', async () => {
    const { body } = await client.request<{ servers: unknown }>('GET', `${prefix}/openapi.json`);
    expect(body!.servers).to.deep.equal([{ url: prefix }]);
  });

  it('has a page that asks for the document below the prefix, and links to it', async () => {
    for (const path of [`${prefix}/docs`, `${prefix}/docs/`]) {
      const { text } = await client.request('GET', path);
      const script = /<script>(.*)<\/script>/s.exec(text)![1]!;
      const asked: string[] = [];
      const link = { href: '' };
      runInNewContext(script, {
        location: { pathname: path },
        document: { querySelector: () => link },
        fetch: (url: string) => {
          asked.push(url);
          return new Promise(() => undefined);
        },
      });
      expect([...asked, link.href]).to.deep.equal([`${prefix}/openapi.json`, `${prefix}/openapi.json`]);
    }
  });
});
