import { expect } from 'chai';
import { v7 } from 'uuid';
import { createClient, type Client } from '../support/client.ts';
import { claimsIn } from '../support/claims.ts';
import { populate } from '../support/gateway.ts';
import { serviceToken, startSystem, type System } from '../support/system.ts';

const previousToken = 'the-token-before-this-one';

describe('internal routes of the owners', function () {
  let system: System;
  let owners: { author: Client; conference: Client };
  before(async () => {
    system = await startSystem({ environment: { SERVICE_TOKEN_PREVIOUS: previousToken } });
    const { author, conference } = system.processes;
    owners = { author: createClient({ gateway: author.url }), conference: createClient({ gateway: conference.url }) };
  });
  after(async () => {
    owners.author.close();
    owners.conference.close();
    await system.stop();
  });

  const item = () => ({ claim_id: v7(), left: v7(), right: v7(), request_ids: ['r'] });
  const insert = (owner: 'author' | 'conference', items: unknown, token: string | undefined = serviceToken) =>
    owners[owner].request<{ outcomes: unknown[] }>('POST', '/internal/relation/insertClaims', {
      body: { items },
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });

  for (const owner of ['author', 'conference'] as const) {
    describe(`the ${owner} service`, () => {
      it('takes either of two tokens, so that they can be changed without a pause', async () => {
        for (const token of [serviceToken, previousToken])
          expect((await insert(owner, [item()], token)).body).to.deep.equal({
            outcomes: [{ outcome: 'entity_not_found' }],
          });
      });

      it('answers 401 without a token or with another, before it reads the body', async () => {
        for (const authorization of ['', 'Bearer', `Bearer ${serviceToken}x`, `Basic ${serviceToken}`, serviceToken]) {
          const reply = await owners[owner].request('POST', '/internal/relation/insertClaims', {
            body: '{ this is not JSON',
            headers: { authorization },
          });
          expect([reply.status, reply.problem!.code], authorization).to.deep.equal([401, 'unauthorized']);
          expect(reply.headers['www-authenticate']).to.equal('Bearer');
        }
      });

      it('refuses a batch that is empty, too large, or has one malformed item, as a whole', async () => {
        const bad = { ...item(), claim_id: '00000000-0000-4000-8000-000000000000' };
        for (const [items, path] of [
          [[], 'body.items'],
          [Array.from({ length: 1001 }, item), 'body.items'],
          [[item(), bad], 'body.items.1.claim_id'],
        ] as const) {
          const reply = await insert(owner, items);
          expect([reply.status, reply.problem!.errors![0]!.path]).to.deep.equal([400, path]);
        }
      });

      it('never writes its tokens or passwords to its log', async () => {
        await insert(owner, [item()]);
        const log = JSON.stringify(system.processes[owner].logs);
        const { password } = system.databases[owner].service;
        for (const secret of [serviceToken, previousToken, password!]) expect(log).to.not.include(secret);
      });
    });
  }

  it('one bad item fails no other', async () => {
    const client = createClient({ gateway: system.gateway });
    const { event, author } = await populate(client);
    const good = { ...item(), left: event.id, right: author.id };
    const old = { ...good, claim_id: v7({ msecs: Date.now() - 120_000 }) };
    const reply = await insert('author', [item(), good, old]);
    const outcomes = reply.body!.outcomes as { outcome: string }[];
    expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(['entity_not_found', 'accepted', 'expired']);
    expect(await claimsIn(system.databases, { event: event.id, author: author.id })).to.deep.equal({
      author: { held: [good.claim_id], retired: [] },
      conference: { held: [], retired: [] },
    });
    client.close();
  });
});
