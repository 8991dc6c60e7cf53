import type { RetireItem } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { ConnectionReset, NotExecuted } from '../../src/protocol/failures.ts';
import { createAsked, insertItem, request_ids, taken } from './asked.ts';
import { author, newPair, pair, sampleConference } from './samples.ts';
import { atOnce, times } from './world.ts';

const retireItem = (): RetireItem => ({ ...newPair(), claim_ids: [v7()], remove_id: v7(), request_ids });
const reset = () => new ConnectionReset('the socket broke');

describe('a connection that was reset', () => {
  it('is tried once more, at once, with the same items', async () => {
    const { asked, ...world } = createAsked();
    world.author.insertClaims.reply(reset(), taken);
    const answers = await atOnce(
      world,
      Promise.all([insertItem(), insertItem()].map((item) => asked.insertClaim(item))),
    );
    expect(answers).to.deep.equal([taken(), taken()]);
    const [first, second, ...more] = world.author.insertClaims.calls;
    expect(second!.items).to.deep.equal(first!.items);
    expect(more).to.deep.equal([]);
  });

  it("leaves an insert's refusals unknown, its proof true, item by item", async () => {
    const refusals = ['unknown_owner', 'expired', 'busy'] as const;
    const { asked, ...world } = createAsked();
    const answers = Promise.all(Array.from({ length: 5 }, () => asked.insertClaim(insertItem())));
    world.author.insertClaims.reply(reset(), 'hold');
    await world.clock.settle();
    const full = { outcome: 'full' as const, entity: author, claims: [v7()] };
    world.author.insertClaims.calls[1]!.resolve([...refusals.map((outcome) => ({ outcome })), full, taken()]);
    const outcomes = (await atOnce(world, answers)).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(['unknown', 'unknown', 'unknown', 'unknown', 'taken']);
  });

  it("leaves a retirement's refusals unknown, its proof true", async () => {
    const { asked, ...world } = createAsked();
    const answers = Promise.all(Array.from({ length: 3 }, () => asked.retireClaims(retireItem())));
    world.author.retireClaims.reply(reset(), 'hold');
    await world.clock.settle();
    const outcomes = (['expired', 'retired', 'busy'] as const).map((outcome) => ({ outcome }));
    world.author.retireClaims.calls[1]!.resolve(outcomes);
    expect((await atOnce(world, answers)).map(({ outcome }) => outcome)).to.deep.equal([
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
    it(`is unknown where the repeat ${name}, and there is no third`, async () => {
      const { asked, ...world } = createAsked();
      world.author.insertClaims.reply(reset(), second);
      expect((await atOnce(world, asked.insertClaim(insertItem()))).outcome).to.equal('unknown');
      expect(world.author.insertClaims.calls).to.have.length(2);
    });

  it('is unknown where the repeat has the wrong number of outcomes', async () => {
    const { asked, ...world } = createAsked();
    world.author.insertClaims.reply(reset(), 'hold');
    const answer = asked.insertClaim(insertItem());
    await world.clock.settle();
    world.author.insertClaims.calls[1]!.resolve([taken(), taken()]);
    expect((await atOnce(world, answer)).outcome).to.equal('unknown');
  });

  it('does no harm to a read: each outcome of the repeat is as good as the first would have been', async () => {
    const { asked, conferenceAsked, ...world } = createAsked();
    const page = { limit: 1, after: null, request_ids };
    world.author.readPairs.reply(reset(), () => ({ outcome: 'unknown_owner' }));
    world.author.listByOwned.reply(reset(), () => ({ outcome: 'unknown_owner' }));
    world.author.listByForeign.reply(reset(), () => ({ outcome: 'found', pairs: [], more: false }));
    world.author.readAttendees.reply(reset(), () => ({ outcome: 'unknown_owner' }));
    const told = { outcome: 'found' as const, entity: sampleConference(), attendees: [], more: false };
    world.conference.listByConference.reply(reset(), () => told);
    const answers = await atOnce(
      world,
      Promise.all([
        asked.readPair({ ...pair, request_ids }),
        asked.listByOwned({ owned_id: v7(), ...page }),
        asked.listByForeign({ foreign_id: v7(), ...page }),
        asked.readAttendee({ author_id: v7(), event_ids: [v7()], request_ids }),
        conferenceAsked.listByConference({ conference_id: v7(), ...page }),
      ]),
    );
    expect(answers).to.deep.equal([
      { outcome: 'unknown_owner' },
      { outcome: 'unknown_owner' },
      { outcome: 'found', pairs: [], more: false },
      { outcome: 'unknown_owner' },
      told,
    ]);
  });

  it('is repeated just before the deadline, and the deadline stays', async () => {
    const { asked, ...world } = createAsked();
    const answer = asked.insertClaim(insertItem());
    await world.clock.advance(times.downstream - 1);
    world.author.insertClaims.calls[0]!.reject(reset());
    await world.clock.advance(1);
    expect(world.author.insertClaims.calls).to.have.length(2);
    expect((await atOnce(world, answer)).outcome).to.equal('unknown');
  });

  it('is not repeated after the deadline', async () => {
    const { asked, ...world } = createAsked();
    const answer = asked.insertClaim(insertItem());
    await world.clock.advance(times.downstream);
    expect((await atOnce(world, answer)).outcome).to.equal('unknown');
    world.author.insertClaims.calls[0]!.reject(reset());
    await world.clock.settle();
    expect(world.author.insertClaims.calls).to.have.length(1);
  });
});
