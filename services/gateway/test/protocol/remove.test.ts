import type { RetireItem, RetireOutcome } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { author, event, pair } from './samples.ts';
import type { Reply } from './scripted.ts';
import { atOnce, createWorld, times, watch } from './world.ts';

const outcomes = ['retired', 'expired', 'busy', 'not_executed', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

function reply(outcome: Outcome): Reply<RetireItem, RetireOutcome> {
  if (outcome === 'not_executed') return new NotExecuted('refused');
  if (outcome === 'unknown') return new Error('garbled');
  return () => ({ outcome });
}

/** Both copies hold two common claims, and each one that the other does not. */
function createVisible() {
  const world = createWorld();
  const common = [v7(), v7()] as const;
  world.author.readPairs.reply(() => ({ outcome: 'found', entity: author, claims: [v7(), ...common] }));
  world.conference.readPairs.reply(() => ({ outcome: 'found', entity: event, claims: [common[1], v7(), common[0]] }));
  return { ...world, common };
}

function expected(both: Outcome[]): string {
  if (both.includes('retired')) return 'removed';
  return both.includes('unknown') ? 'unknown' : 'not_executed';
}

describe('remove, second round: every pair of outcomes', () => {
  for (const byAuthor of outcomes)
    for (const byConference of outcomes)
      it(`author: ${byAuthor}, conference: ${byConference}`, async () => {
        const world = createVisible();
        world.author.retireClaims.reply(reply(byAuthor));
        world.conference.retireClaims.reply(reply(byConference));
        const { outcome } = await atOnce(world, world.protocol.remove(pair, 'request-1'));
        expect(outcome).to.equal(expected([byAuthor, byConference]));
        expect(world.counted.removed).to.deep.equal([outcome]);
        expect(world.author.retireClaims.calls).to.have.length(1);
        expect(world.conference.retireClaims.calls).to.have.length(1);
      });
});

describe('remove', () => {
  it('retires exactly the common claims, in both copies, with an id made before the read', async () => {
    const world = createVisible();
    world.author.readPairs.reply('hold');
    watch(world.protocol.remove(pair, 'request-1'));
    await world.clock.settle();
    expect(world.ids).to.have.length(1);
    const claims = [...world.common, v7()];
    world.author.readPairs.calls[0]!.resolve([{ outcome: 'found', entity: author, claims }]);
    await world.clock.settle();
    for (const copy of [world.author, world.conference]) {
      const [{ claim_ids, ...item }, ...more] = copy.retireClaims.calls.flatMap(({ items }) => items) as [RetireItem];
      expect(claim_ids).to.have.members([...world.common]);
      expect(item).to.deep.equal({ ...pair, remove_id: world.ids[0], request_ids: ['request-1'] });
      expect(more).to.deep.equal([]);
    }
    expect(world.ids).to.have.length(1);
  });

  for (const [first, second] of [
    ['author', 'conference'],
    ['conference', 'author'],
  ] as const) {
    it(`answers when the ${first} service has confirmed; the other retirement goes on, and idle waits`, async () => {
      const world = createVisible();
      world[first].retireClaims.reply(() => ({ outcome: 'retired' }));
      expect(await atOnce(world, world.protocol.remove(pair, 'request-1'))).to.deep.equal({ outcome: 'removed' });
      const idle = watch(world.protocol.idle());
      await world.clock.settle();
      expect(world[second].retireClaims.calls).to.have.length(1);
      expect(idle.settled).to.equal(false);
      world[second].retireClaims.calls[0]!.resolve([{ outcome: 'busy' }]);
      await world.clock.settle();
      expect(idle.settled).to.equal(true);
    });

    it(`waits for the ${second} service where the ${first} service has refused`, async () => {
      const world = createVisible();
      world[first].retireClaims.reply(() => ({ outcome: 'expired' }));
      const removed = world.protocol.remove(pair, 'request-1');
      const answered = watch(removed);
      await world.clock.advance(times.downstream - 1);
      expect(answered.settled).to.equal(false);
      world[second].retireClaims.calls[0]!.resolve([{ outcome: 'retired' }]);
      expect(await atOnce(world, removed)).to.deep.equal({ outcome: 'removed' });
    });
  }

  it('is unknown at the deadline where one has refused and the other has not answered', async () => {
    const world = createVisible();
    world.author.retireClaims.reply(new NotExecuted('refused'));
    const removed = world.protocol.remove(pair, 'request-1');
    await world.clock.advance(times.downstream);
    expect((await atOnce(world, removed)).outcome).to.equal('unknown');
  });

  it('two of one pair at once each retire with an id of their own', async () => {
    const world = createVisible();
    world.author.retireClaims.reply(() => ({ outcome: 'retired' }));
    const removes = ['one', 'two'].map((requestId) => world.protocol.remove(pair, requestId));
    const answers = await atOnce(world, Promise.all(removes));
    expect(answers).to.deep.equal([{ outcome: 'removed' }, { outcome: 'removed' }]);
    const [batch, ...more] = world.author.retireClaims.calls;
    expect(batch!.items.map(({ remove_id }) => remove_id)).to.deep.equal(world.ids);
    expect(world.ids).to.have.length(2);
    expect(more).to.deep.equal([]);
  });
});
