import { expect } from 'chai';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { createAsked, insertItem, taken } from './asked.ts';
import { atOnce } from './world.ts';

describe('what counts as certain', () => {
  it('not_executed is what the owner or the socket said so of', async () => {
    const { asked, ...world } = createAsked();
    world.author.insertClaims.reply(new NotExecuted('connection refused'));
    const answer = await atOnce(world, asked.insertClaim(insertItem()));
    expect(answer).to.deep.equal({ outcome: 'not_executed', reason: 'connection refused' });
    expect(world.author.insertClaims.calls).to.have.length(1);
  });

  it('every other failure is unknown, and is not repeated', async () => {
    for (const failure of [new Error('garbled'), Object.assign(new Error('bare'), { name: 'NotExecuted' })]) {
      const { asked, ...world } = createAsked();
      world.author.insertClaims.reply(failure);
      const answer = await atOnce(world, asked.insertClaim(insertItem()));
      expect(answer).to.deep.equal({ outcome: 'unknown', reason: failure.message });
      expect(world.author.insertClaims.calls).to.have.length(1);
    }
  });

  it('so is what is thrown and is no error', async () => {
    const { asked, ...world } = createAsked();
    const answer = asked.insertClaim(insertItem());
    await world.clock.settle();
    world.author.insertClaims.calls[0]!.reject('gone');
    expect(await atOnce(world, answer)).to.deep.equal({ outcome: 'unknown', reason: 'gone' });
  });

  for (const count of [0, 1, 3])
    it(`a result with ${count} outcomes for 2 items is unknown`, async () => {
      const { asked, ...world } = createAsked();
      const answers = Promise.all([asked.insertClaim(insertItem()), asked.insertClaim(insertItem())]);
      await world.clock.settle();
      world.author.insertClaims.calls[0]!.resolve(Array.from({ length: count }, taken));
      for (const { outcome } of await atOnce(world, answers)) expect(outcome).to.equal('unknown');
    });

  it('a failed batch fails each of its items alike', async () => {
    const { asked, ...world } = createAsked();
    world.author.insertClaims.reply(new NotExecuted('refused'));
    const answers = await atOnce(
      world,
      Promise.all([insertItem(), insertItem()].map((item) => asked.insertClaim(item))),
    );
    expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['not_executed', 'not_executed']);
  });
});
