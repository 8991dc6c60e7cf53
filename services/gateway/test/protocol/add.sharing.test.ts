import { expect } from 'chai';
import { newPair, pair } from './samples.ts';
import { atOnce, createWorld, slots, times, watch, type World } from './world.ts';

/** Every call slot of the copy's inserts is taken by adds of other pairs. */
async function keepBusy(world: World, copies: ('author' | 'conference')[]) {
  for (const copy of ['author', 'conference'] as const)
    world[copy].insertClaims.reply(copies.includes(copy) ? 'hold' : () => ({ outcome: 'busy' }));
  for (let i = 0; i < slots; i++) {
    watch(world.protocol.add(newPair(), `busy-${i}`));
    await world.clock.settle();
  }
}

/** The adds of the pair that a copy was sent: the claim of each, and the requests behind it. */
const sent = (world: World, copy: 'author' | 'conference') =>
  world[copy].insertClaims.calls.flatMap(({ items }) =>
    items
      .filter(({ event_id }) => event_id === pair.event_id)
      .map(({ claim_id, request_ids }) => ({ claim_id, request_ids })),
  );

describe('adds of one pair', () => {
  it('share a claim in one turn, and its answer; each counts', async () => {
    const world = createWorld();
    world.author.insertClaims.reply(() => ({ outcome: 'busy' }));
    world.conference.insertClaims.reply(() => ({ outcome: 'expired' }));
    const adds = ['one', 'two', 'three'].map((requestId) => world.protocol.add(pair, requestId));
    const [first, ...others] = await atOnce(world, Promise.all(adds));
    expect(others).to.deep.equal([first, first]);
    const shared = [{ claim_id: world.ids[0], request_ids: ['one', 'two', 'three'] }];
    expect(sent(world, 'author')).to.deep.equal(shared);
    expect(sent(world, 'conference')).to.deep.equal(shared);
    expect(world.counted.added).to.deep.equal(['not_executed', 'not_executed', 'not_executed']);
  });

  it('do not share it with another pair', async () => {
    const world = createWorld();
    watch(world.protocol.add(pair, 'one'));
    watch(world.protocol.add({ ...newPair(), event_id: pair.event_id }, 'two'));
    await world.clock.settle();
    expect(sent(world, 'author').map(({ request_ids }) => request_ids)).to.deep.equal([['one'], ['two']]);
    expect(new Set(world.ids)).to.have.property('size', 2);
  });

  it('share it over turns while it waits for a slot at both owners', async () => {
    const world = createWorld();
    await keepBusy(world, ['author', 'conference']);
    for (const requestId of ['one', 'two', 'three']) {
      watch(world.protocol.add(pair, requestId));
      await world.clock.advance(100);
    }
    expect(sent(world, 'author')).to.deep.equal([]);
    world.author.insertClaims.calls[0]!.reject(new Error('garbled'));
    world.conference.insertClaims.calls[0]!.reject(new Error('garbled'));
    await world.clock.settle();
    const shared = [{ claim_id: world.ids[slots], request_ids: ['one', 'two', 'three'] }];
    expect(sent(world, 'author')).to.deep.equal(shared);
    expect(sent(world, 'conference')).to.deep.equal(shared);
  });

  for (const [busy, other] of [
    ['author', 'conference'],
    ['conference', 'author'],
  ] as const)
    it(`share it no more once it is sent to the ${other} service, though it still waits for the other`, async () => {
      const world = createWorld();
      await keepBusy(world, [busy]);
      for (const requestId of ['one', 'two']) {
        watch(world.protocol.add(pair, requestId));
        await world.clock.settle();
      }
      world[busy].insertClaims.calls[0]!.reject(new Error('garbled'));
      await world.clock.settle();
      const [one, two] = world.ids.slice(slots);
      const claims = [
        { claim_id: one, request_ids: ['one'] },
        { claim_id: two, request_ids: ['two'] },
      ];
      expect(sent(world, other)).to.deep.equal(claims);
      expect(sent(world, busy)).to.deep.equal(claims);
    });

  it('share it with at most 64 requests, then a new one', async () => {
    const world = createWorld();
    const requests = Array.from({ length: 130 }, (_, i) => `request-${i}`);
    requests.forEach((requestId) => watch(world.protocol.add(pair, requestId)));
    await world.clock.settle();
    const [a, b, c] = world.ids;
    const claims = [
      { claim_id: a, request_ids: requests.slice(0, 64) },
      { claim_id: b, request_ids: requests.slice(64, 128) },
      { claim_id: c, request_ids: requests.slice(128) },
    ];
    expect(sent(world, 'author')).to.deep.equal(claims);
    expect(sent(world, 'conference')).to.deep.equal(claims);
  });

  it('go on to share the new one when the full one before it has ended', async () => {
    const world = createWorld();
    await keepBusy(world, ['author', 'conference']);
    for (let i = 0; i < 64; i++) watch(world.protocol.add(pair, `request-${i}`));
    await world.clock.advance(100);
    watch(world.protocol.add(pair, 'one'));
    await world.clock.advance(times.wait - 100);
    watch(world.protocol.add(pair, 'two'));
    world.author.insertClaims.calls[0]!.reject(new Error('garbled'));
    await world.clock.settle();
    expect(sent(world, 'author').map(({ request_ids }) => request_ids)).to.deep.equal([['one', 'two']]);
  });

  it('share no claim that was dropped unsent', async () => {
    const world = createWorld();
    await keepBusy(world, ['author', 'conference']);
    const dropped = world.protocol.add(pair, 'one');
    await world.clock.advance(times.wait);
    expect((await atOnce(world, dropped)).outcome).to.equal('not_executed');
    watch(world.protocol.add(pair, 'two'));
    world.author.insertClaims.calls[0]!.reject(new Error('garbled'));
    await world.clock.settle();
    expect(sent(world, 'author')).to.deep.equal([{ claim_id: world.ids.at(-1), request_ids: ['two'] }]);
    expect(world.author.retireClaims.calls).to.have.length(0);
  });

  it('withdraw a shared claim once, for all the requests behind it', async () => {
    const world = createWorld();
    world.author.insertClaims.reply(() => ({ outcome: 'unknown_owner' }));
    world.conference.insertClaims.reply(new Error('garbled'));
    await atOnce(world, Promise.all(['one', 'two'].map((requestId) => world.protocol.add(pair, requestId))));
    const withdrawal = { ...pair, claim_ids: [world.ids[0]], remove_id: null, request_ids: ['one', 'two'] };
    expect(world.conference.retireClaims.calls.map(({ items }) => items)).to.deep.equal([[withdrawal]]);
  });
});
