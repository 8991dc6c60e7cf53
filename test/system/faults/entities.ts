import { expect } from 'chai';
import { populate } from '../../support/gateway.ts';
import type { Behaviour } from '../../support/proxy.ts';
import type { Subject } from '../../support/system.ts';

export const describeEntities = ({ system, client }: Subject) =>
  describe('entities at the gateway while an owner service fails', () => {
    afterEach(() => system.network.author.heal());

    it('answers 503 while the service refuses connections, and nothing has changed', async () => {
      const { author } = await populate(client);
      await system.network.author.down();
      const replies = [
        await client.createAuthor('Ada'),
        await client.getAuthor(author.id),
        await client.listAuthors(),
        await client.deleteAuthor(author.id),
      ];
      await system.network.author.up();
      for (const { status, problem } of replies) expect([status, problem!.code]).to.deep.equal([503, 'not_executed']);
      expect((await client.getAuthor(author.id)).status).to.equal(200);
    });

    it('answers 503 to reads and 504 to changes while the service does not answer', async () => {
      const { author, authors } = await populate(client, { authors: 2 });
      system.network.author.onEvery(async ({ deliver }) => {
        await deliver();
      });
      const [read, created, deleted] = await Promise.all([
        client.getAuthor(author.id),
        client.createAuthor('Ada'),
        client.deleteAuthor(authors[1]!.id),
      ]);
      expect([read.status, read.problem!.code]).to.deep.equal([503, 'not_executed']);
      for (const { status, problem } of [created, deleted])
        expect([status, problem!.code]).to.deep.equal([504, 'outcome_unknown']);
      system.network.author.heal();
      expect((await client.deleteAuthor(authors[1]!.id)).status).to.equal(404);
    });

    it('repeats a read after the reset of a kept-alive connection, but not a change', async () => {
      const { author } = await populate(client);
      const sent: string[] = [];
      const resetFirst: Behaviour = async ({ path, deliver, answer, reset }) => {
        sent.push(path);
        if (sent.length === 1) reset();
        else answer(await deliver());
      };
      system.network.author.on(`/author/${author.id}`, resetFirst);
      expect((await client.getAuthor(author.id)).status).to.equal(200);
      expect(sent).to.have.length(2);
      sent.length = 0;
      system.network.author.on('/author', resetFirst);
      expect((await client.createAuthor('Ada')).status).to.equal(504);
      expect(sent).to.have.length(1);
    });
  });
