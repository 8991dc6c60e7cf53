import { expect } from 'chai';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { author, event, pair } from './samples.ts';
import { atOnce, createWorld, times, watch } from './world.ts';

describe('add: its withdrawal and its deadline', () => {
  it('answers before the withdrawal does; idle waits for it', async () => {
    const world = createWorld();
    world.author.insertClaims.reply(() => ({ outcome: 'taken', entity: author, claims: [] }));
    world.conference.insertClaims.reply(() => ({ outcome: 'unknown_owner' }));
    const answer = await atOnce(world, world.protocol.add(pair, 'request-1'));
    expect(answer).to.deep.equal({ outcome: 'missing', missing: ['event'] });

    const idle = watch(world.protocol.idle());
    await world.clock.settle();
    expect(world.author.retireClaims.calls).to.have.length(1);
    expect(idle.settled).to.equal(false);
    expect(world.counted.withdrawn).to.deep.equal([]);

    world.author.retireClaims.calls[0]!.resolve([{ outcome: 'retired' }]);
    await world.clock.settle();
    expect(idle.settled).to.equal(true);
    expect(world.counted.withdrawn).to.deep.equal(['retired']);
  });

  it('gives up a withdrawal that is not answered, and counts what became of it', async () => {
    const world = createWorld();
    world.author.insertClaims.reply(() => ({ outcome: 'unknown_owner' }));
    world.conference.insertClaims.reply(() => ({ outcome: 'taken', entity: event, claims: [] }));
    await atOnce(world, world.protocol.add(pair, 'request-1'));
    const idle = watch(world.protocol.idle());
    await world.clock.advance(times.downstream - 1);
    expect(idle.settled).to.equal(false);
    await world.clock.advance(1);
    expect(idle.settled).to.equal(true);
    expect(world.counted.withdrawn).to.deep.equal(['unknown']);
  });

  it('is idle at once where nothing is withdrawn', async () => {
    const world = createWorld();
    await atOnce(world, world.protocol.idle());
  });

  it('waits for the second outcome although the first has refused', async () => {
    const world = createWorld();
    world.conference.insertClaims.reply(() => ({ outcome: 'busy' }));
    const added = world.protocol.add(pair, 'request-1');
    const answered = watch(added);
    await world.clock.advance(1_500);
    expect(answered.settled).to.equal(false);
    world.author.insertClaims.calls[0]!.resolve([{ outcome: 'unknown_owner' }]);
    expect(await atOnce(world, added)).to.deep.equal({ outcome: 'missing', missing: ['author'] });
    expect(world.author.retireClaims.calls).to.have.length(0);
  });

  it('answers at the deadline, and withdraws from the copy that may still take the claim', async () => {
    const world = createWorld();
    world.conference.insertClaims.reply(new NotExecuted('refused'));
    const added = world.protocol.add(pair, 'request-1');
    const answered = watch(added);
    await world.clock.advance(times.downstream - 1);
    expect(answered.settled).to.equal(false);
    await world.clock.advance(1);
    expect((await atOnce(world, added)).outcome).to.equal('not_executed');
    expect(world.author.retireClaims.calls[0]!.items[0]!.claim_ids).to.deep.equal(world.ids);
    expect(world.conference.retireClaims.calls).to.have.length(0);
  });

  it('undoes nothing at the deadline where no copy has refused, however it ends', async () => {
    const world = createWorld();
    world.author.insertClaims.reply(() => ({ outcome: 'taken', entity: author, claims: [] }));
    const added = world.protocol.add(pair, 'request-1');
    await world.clock.advance(times.downstream);
    expect((await atOnce(world, added)).outcome).to.equal('unknown');
    world.conference.insertClaims.calls[0]!.resolve([{ outcome: 'busy' }]);
    await world.clock.advance(times.public);
    expect(world.author.retireClaims.calls).to.have.length(0);
    expect(world.conference.retireClaims.calls).to.have.length(0);
  });

  it('tells of a withdrawal that failed, with the request it belongs to', async () => {
    const world = createWorld();
    world.author.insertClaims.reply(() => ({ outcome: 'taken', entity: author, claims: [] }));
    world.conference.insertClaims.reply(new NotExecuted('refused'));
    world.author.retireClaims.reply(new NotExecuted('refused too'));
    expect((await atOnce(world, world.protocol.add(pair, 'request-1'))).outcome).to.equal('not_executed');
    await atOnce(world, world.protocol.idle());
    expect(world.counted.stranded).to.deep.equal([{ request_ids: ['request-1'], reason: 'refused too' }]);
  });
});
