import { expect } from 'chai';
import { v7 } from 'uuid';
import { createClient, type Client } from '../support/client.ts';
import { readClaimsOfPair } from '../support/claims.ts';
import { populate } from '../support/gateway.ts';
import { serviceToken, startSystem, type System } from '../support/system.ts';

const previousToken = 'the-token-before-this-one';

describe('internal routes of the owner services', function () {
  let system: System;
  let ownerServices: { author: Client; conference: Client };
  before(async () => {
    system = await startSystem({ environment: { SERVICE_TOKEN_PREVIOUS: previousToken } });
    const { author, conference } = system.processes;
    ownerServices = {
      author: createClient({ gateway: author.url }),
      conference: createClient({ gateway: conference.url }),
    };
  });
  after(async () => {
    ownerServices.author.close();
    ownerServices.conference.close();
    await system.stop();
  });

  const item = () => ({ claim_id: v7(), left: v7(), right: v7(), request_ids: ['r'] });
  const insert = (service: 'author' | 'conference', items: unknown, token: string | undefined = serviceToken) =>
    ownerServices[service].request<{ outcomes: unknown[] }>('POST', '/internal/relation/insertClaims', {
      body: { items },
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });

  for (const service of ['author', 'conference'] as const) {
    describe(`the ${service} service`, () => {
      it('accepts the current and the previous token', async () => {
        for (const token of [serviceToken, previousToken])
          expect((await insert(service, [item()], token)).body).to.deep.equal({
            outcomes: [{ outcome: 'entity_not_found' }],
          });
      });

      it('answers 401 without a valid token, before it reads the body', async () => {
        for (const authorization of ['', 'Bearer', `Bearer ${serviceToken}x`, `Basic ${serviceToken}`, serviceToken]) {
          const reply = await ownerServices[service].request('POST', '/internal/relation/insertClaims', {
            body: '{ this is not JSON',
            headers: { authorization },
          });
          expect([reply.status, reply.problem!.code], authorization).to.deep.equal([401, 'unauthorized']);
          expect(reply.headers['www-authenticate']).to.equal('Bearer');
        }
      });

      it('answers 429 to further guesses of the token, and goes on answering the gateway', async () => {
        const guess = () => insert(service, [item()], 'a-token-that-is-a-guess');
        const guesses = await Promise.all(Array.from({ length: 40 }, guess));
        const refused = guesses.filter(({ status }) => status === 429);
        expect(refused).to.not.have.length(0);
        for (const { problem, headers } of refused) {
          expect([problem!.code, headers['retry-after']]).to.deep.equal(['too_many_failures', '1']);
          expect(headers.connection).to.equal('close');
        }
        expect((await insert(service, [item()])).status).to.equal(200);
        const logged = system.processes[service].logs.filter(({ status }) => status === 401 || status === 429);
        expect(logged.length).to.be.below(40);
      });

      it('refuses a batch that is empty, too large, or has a malformed item', async () => {
        const malformed = { ...item(), claim_id: '00000000-0000-4000-8000-000000000000' };
        for (const [items, path] of [
          [[], 'body.items'],
          [Array.from({ length: 1001 }, item), 'body.items'],
          [[item(), malformed], 'body.items.1.claim_id'],
        ] as const) {
          const reply = await insert(service, items);
          expect([reply.status, reply.problem!.errors![0]!.path]).to.deep.equal([400, path]);
        }
      });

      it('logs neither tokens nor passwords', async () => {
        await insert(service, [item()]);
        const log = JSON.stringify(system.processes[service].logs);
        const { password } = system.databases[service].serviceRole;
        for (const secret of [serviceToken, previousToken, password!]) expect(log).to.not.include(secret);
      });
    });
  }

  it('a refused item does not affect the other items of its batch', async () => {
    const client = createClient({ gateway: system.gateway });
    const { event, author } = await populate(client);
    const valid = { ...item(), left: event.id, right: author.id };
    const expired = { ...valid, claim_id: v7({ msecs: Date.now() - 120_000 }) };
    const reply = await insert('author', [item(), valid, expired]);
    const outcomes = reply.body!.outcomes as { outcome: string }[];
    expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(['entity_not_found', 'accepted', 'expired']);
    expect(await readClaimsOfPair(system.databases, { event: event.id, author: author.id })).to.deep.equal({
      author: { held: [valid.claim_id], retired: [] },
      conference: { held: [], retired: [] },
    });
    client.close();
  });
});
