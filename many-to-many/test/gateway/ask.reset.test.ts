import { expect } from 'chai';
import { NotExecuted, Unknown } from '../../src/outcome.ts';
import { accepted, createAsked, insertItem, request_ids } from './createAsked.ts';
import { atOnce, times } from './createGateway.ts';
import { left, newId, newPair, pair } from './samples.ts';

const retireItem = () => ({ ...newPair(), claim_ids: [newId()], remove_id: newId(), request_ids });
const reset = () => new Unknown('the socket broke', { wasReset: true });

describe('a call whose connection was reset', () => {
  it('is repeated once, immediately, with the same items', async () => {
    const { asked, copy, gateway } = createAsked();
    copy.insertClaims.reply(reset(), accepted);
    const answers = await atOnce(
      gateway,
      Promise.all([insertItem(), insertItem()].map((item) => asked.insertClaims(item))),
    );
    expect(answers).to.deep.equal([accepted(), accepted()]);
    const [first, second, ...more] = copy.insertClaims.calls;
    expect(second!.items).to.deep.equal(first!.items);
    expect(more).to.deep.equal([]);
  });

  it('returns unknown for each refused insert of the repeat, and accepted for each accepted one', async () => {
    const refusals = ['entity_not_found', 'expired', 'entity_locked'] as const;
    const { asked, copy, gateway } = createAsked();
    const answers = Promise.all(Array.from({ length: 5 }, () => asked.insertClaims(insertItem())));
    copy.insertClaims.reply(reset(), 'hold');
    await gateway.clock.runTurns();
    const limitReached = { outcome: 'limit_reached' as const, entity: left, claims: [newId()] };
    copy.insertClaims.calls[1]!.resolve([...refusals.map((outcome) => ({ outcome })), limitReached, accepted()]);
    const outcomes = (await atOnce(gateway, answers)).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(['unknown', 'unknown', 'unknown', 'unknown', 'accepted']);
  });

  it('returns unknown for each refused retirement of the repeat, and retired for each retired one', async () => {
    const { asked, copy, gateway } = createAsked();
    const answers = Promise.all(Array.from({ length: 3 }, () => asked.retireClaims(retireItem())));
    copy.retireClaims.reply(reset(), 'hold');
    await gateway.clock.runTurns();
    const outcomes = (['expired', 'retired', 'entity_locked'] as const).map((outcome) => ({ outcome }));
    copy.retireClaims.calls[1]!.resolve(outcomes);
    expect((await atOnce(gateway, answers)).map(({ outcome }) => outcome)).to.deep.equal([
      'unknown',
      'retired',
      'unknown',
    ]);
  });

  for (const [name, second] of [
    ['was not executed', new NotExecuted('connection refused')],
    ['was reset too', reset()],
    ['failed', new Error('garbled')],
  ] as const)
    it(`is unknown if the repeat ${name}, without a third call`, async () => {
      const { asked, copy, gateway } = createAsked();
      copy.insertClaims.reply(reset(), second);
      expect((await atOnce(gateway, asked.insertClaims(insertItem()))).outcome).to.equal('unknown');
      expect(copy.insertClaims.calls).to.have.length(2);
    });

  it('is unknown if the repeat has the wrong number of outcomes', async () => {
    const { asked, copy, gateway } = createAsked();
    copy.insertClaims.reply(reset(), 'hold');
    const answer = asked.insertClaims(insertItem());
    await gateway.clock.runTurns();
    copy.insertClaims.calls[1]!.resolve([accepted(), accepted()]);
    expect((await atOnce(gateway, answer)).outcome).to.equal('unknown');
  });

  it('returns every outcome of a repeated read', async () => {
    const { asked, copy, gateway } = createAsked();
    const page = { limit: 1, after: null, request_ids };
    copy.readPairs.reply(reset(), () => ({ outcome: 'entity_not_found' }));
    copy.listByOwn.reply(reset(), () => ({ outcome: 'entity_not_found' }));
    copy.listByOther.reply(reset(), () => ({ outcome: 'found', pairs: [], more: false }));
    const answers = await atOnce(
      gateway,
      Promise.all([
        asked.readPairs({ ...pair, request_ids }),
        asked.listByOwn({ id: newId(), ...page }),
        asked.listByOther({ id: newId(), ...page }),
      ]),
    );
    expect(answers).to.deep.equal([
      { outcome: 'entity_not_found' },
      { outcome: 'entity_not_found' },
      { outcome: 'found', pairs: [], more: false },
    ]);
  });

  it('is repeated just before the deadline, which stays the same', async () => {
    const { asked, copy, gateway } = createAsked();
    const answer = asked.insertClaims(insertItem());
    await gateway.clock.advance(times.callMs - 1);
    copy.insertClaims.calls[0]!.reject(reset());
    await gateway.clock.advance(1);
    expect(copy.insertClaims.calls).to.have.length(2);
    expect((await atOnce(gateway, answer)).outcome).to.equal('unknown');
  });

  it('is not repeated after the deadline', async () => {
    const { asked, copy, gateway } = createAsked();
    const answer = asked.insertClaims(insertItem());
    await gateway.clock.advance(times.callMs);
    expect((await atOnce(gateway, answer)).outcome).to.equal('unknown');
    copy.insertClaims.calls[0]!.reject(reset());
    await gateway.clock.runTurns();
    expect(copy.insertClaims.calls).to.have.length(1);
  });
});
