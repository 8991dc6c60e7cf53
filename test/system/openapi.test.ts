import { expect } from 'chai';
import { createClient } from '../support/client.ts';
import { useSharedSystem } from '../support/sharedSystem.ts';

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, unknown>; security?: unknown }>
  >;
}

describe('GET /openapi.json', () => {
  const { system } = useSharedSystem();

  const read = async (service: 'author' | 'conference' | 'gateway') => {
    const client = createClient({ gateway: system.processes[service].url });
    const { body } = await client.request<Document>('GET', '/openapi.json');
    client.close();
    return body!;
  };
  const operations = ({ paths }: Document) =>
    Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));

  it('lists exactly the public operations of the gateway', async () => {
    const document = await read('gateway');
    expect(document.openapi).to.equal('3.1.0');
    const entity = (name: string) => [`post /${name}`, `get /${name}`, `get /${name}/{id}`, `delete /${name}/{id}`];
    const pair = '/event/{event_id}/attendance/{author_id}';
    expect(operations(document)).to.have.members([
      ...['author', 'conference', 'event'].flatMap(entity),
      ...[`post ${pair}`, `get ${pair}`, `delete ${pair}`],
      'get /event/{event_id}/attendance',
      'get /author/{author_id}/attendance',
      'get /conference/{conference_id}/attendance',
    ]);
  });

  it('lists each answer of an operation, problems included', async () => {
    const { paths } = await read('gateway');
    const add = paths['/event/{event_id}/attendance/{author_id}']!.post!;
    expect(Object.keys(add.responses)).to.deep.equal(['200', '201', '400', '404', '500', '503', '504']);
  });

  it('requires the service token for the internal operations of the owner services', async () => {
    for (const service of ['author', 'conference', 'gateway'] as const) {
      const { paths } = await read(service);
      const internal = Object.keys(paths).filter((path) => path.startsWith('/internal/'));
      expect(internal).to.have.length(service === 'gateway' ? 0 : 14);
      for (const path of internal)
        for (const { security } of Object.values(paths[path]!)) expect(security).to.deep.equal([{ service_token: [] }]);
    }
  });

  it('gives each operation its own id', async () => {
    const ids = Object.values((await read('gateway')).paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('GET /docs is a page that loads nothing from other hosts', async () => {
    const client = createClient({ gateway: system.gateway });
    const { status, headers, text } = await client.request('GET', '/docs');
    client.close();
    expect([status, headers['content-type']]).to.deep.equal([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).to.include("default-src 'none'").and.not.include('unsafe');
    expect(text).to.not.match(/(src|href)="(https?:)?\/\//);
  });
});
