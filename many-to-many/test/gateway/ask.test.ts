import { expect } from 'chai';
import { NotExecuted, Unknown } from '../../src/outcome.ts';
import { accepted, createAsked, insertItem } from './createAsked.ts';
import { atOnce } from './createGateway.ts';

/** A failure of another installed version of the package: another class with the same fields. */
class ForeignNotExecuted extends Error {
  readonly outcome = 'not_executed';
}

describe('the certainty of an answer', () => {
  it('is not_executed after NotExecuted, without a repeat', async () => {
    const { asked, copy, gateway } = createAsked();
    const failure = new NotExecuted('connection refused');
    copy.insertClaims.reply(failure);
    expect(await atOnce(gateway, asked.insertClaims(insertItem()))).to.equal(failure);
    expect(copy.insertClaims.calls).to.have.length(1);
  });

  it('is not_executed also after NotExecuted of another version of the package', async () => {
    const { asked, copy, gateway } = createAsked();
    const failure = new ForeignNotExecuted('connection refused');
    copy.insertClaims.reply(failure);
    expect(await atOnce(gateway, asked.insertClaims(insertItem()))).to.equal(failure);
  });

  it('is unknown after any other error, without a repeat', async () => {
    for (const failure of [new Error('garbled'), Object.assign(new Error('bare'), { name: 'NotExecuted' })]) {
      const { asked, copy, gateway } = createAsked();
      copy.insertClaims.reply(failure);
      const answer = await atOnce(gateway, asked.insertClaims(insertItem()));
      expect(answer).to.be.instanceOf(Unknown).and.to.include({ outcome: 'unknown', message: failure.message });
      expect((answer as Unknown).cause).to.equal(failure);
      expect(copy.insertClaims.calls).to.have.length(1);
    }
  });

  it('is unknown after a rejection with another value than an error', async () => {
    const { asked, copy, gateway } = createAsked();
    const answer = asked.insertClaims(insertItem());
    await gateway.clock.runTurns();
    copy.insertClaims.calls[0]!.reject('gone');
    expect(await atOnce(gateway, answer))
      .to.be.instanceOf(Unknown)
      .and.to.include({ message: 'gone' });
  });

  for (const count of [0, 1, 3])
    it(`is unknown after an answer with ${count} outcomes for 2 items`, async () => {
      const { asked, copy, gateway } = createAsked();
      const answers = Promise.all([asked.insertClaims(insertItem()), asked.insertClaims(insertItem())]);
      await gateway.clock.runTurns();
      copy.insertClaims.calls[0]!.resolve(Array.from({ length: count }, accepted));
      for (const { outcome } of await atOnce(gateway, answers)) expect(outcome).to.equal('unknown');
    });

  it('is the same for each item of a batch that failed', async () => {
    const { asked, copy, gateway } = createAsked();
    copy.insertClaims.reply(new NotExecuted('refused'));
    const answers = await atOnce(
      gateway,
      Promise.all([insertItem(), insertItem()].map((item) => asked.insertClaims(item))),
    );
    expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['not_executed', 'not_executed']);
  });
});
