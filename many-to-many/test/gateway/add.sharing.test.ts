import { expect } from 'chai';
import type { SideName } from '../../src/relation.ts';
import { atOnce, createGateway, slots, times, watch, type Gateway } from './createGateway.ts';
import { newPair, pair } from './samples.ts';

/** Occupies all call slots of insertClaims at these copies with adds of other pairs. */
async function occupySlots(gateway: Gateway, copies: SideName[]) {
  for (const copy of ['left', 'right'] as const)
    gateway[copy].insertClaims.reply(copies.includes(copy) ? 'hold' : () => ({ outcome: 'entity_locked' as const }));
  for (let i = 0; i < slots; i++) {
    watch(gateway.relation.add(newPair(), `busy-${i}`));
    await gateway.clock.runTurns();
  }
}

/** Returns the inserts of the pair that a copy got, each with its claim and request ids. */
const sentTo = (gateway: Gateway, copy: SideName) =>
  gateway[copy].insertClaims.calls.flatMap(({ items }) =>
    items.filter(({ left }) => left === pair.left).map(({ claim_id, request_ids }) => ({ claim_id, request_ids })),
  );

describe('adds of one pair', () => {
  it('share a claim and its answer within a turn, and are counted one by one', async () => {
    const gateway = createGateway();
    gateway.left.insertClaims.reply(() => ({ outcome: 'entity_locked' as const }));
    gateway.right.insertClaims.reply(() => ({ outcome: 'expired' }));
    const adds = ['one', 'two', 'three'].map((requestId) => gateway.relation.add(pair, requestId));
    const [first, ...others] = await atOnce(gateway, Promise.all(adds));
    expect(others).to.deep.equal([first, first]);
    const shared = [{ claim_id: gateway.ids[0], request_ids: ['one', 'two', 'three'] }];
    expect(sentTo(gateway, 'left')).to.deep.equal(shared);
    expect(sentTo(gateway, 'right')).to.deep.equal(shared);
    expect(gateway.counted.added).to.deep.equal(['not_executed', 'not_executed', 'not_executed']);
  });

  it('do not share a claim with another pair', async () => {
    const gateway = createGateway();
    watch(gateway.relation.add(pair, 'one'));
    watch(gateway.relation.add({ ...newPair(), left: pair.left }, 'two'));
    await gateway.clock.runTurns();
    expect(sentTo(gateway, 'left').map(({ request_ids }) => request_ids)).to.deep.equal([['one'], ['two']]);
    expect(new Set(gateway.ids)).to.have.property('size', 2);
  });

  it('share a claim over turns while it waits for a slot at both copies', async () => {
    const gateway = createGateway();
    await occupySlots(gateway, ['left', 'right']);
    for (const requestId of ['one', 'two', 'three']) {
      watch(gateway.relation.add(pair, requestId));
      await gateway.clock.advance(100);
    }
    expect(sentTo(gateway, 'left')).to.deep.equal([]);
    gateway.left.insertClaims.calls[0]!.reject(new Error('garbled'));
    gateway.right.insertClaims.calls[0]!.reject(new Error('garbled'));
    await gateway.clock.runTurns();
    const shared = [{ claim_id: gateway.ids[slots], request_ids: ['one', 'two', 'three'] }];
    expect(sentTo(gateway, 'left')).to.deep.equal(shared);
    expect(sentTo(gateway, 'right')).to.deep.equal(shared);
  });

  for (const [busy, other] of [
    ['left', 'right'],
    ['right', 'left'],
  ] as const)
    it(`do not share a claim that was sent to the ${other} copy, although it still waits at the ${busy} copy`, async () => {
      const gateway = createGateway();
      await occupySlots(gateway, [busy]);
      for (const requestId of ['one', 'two']) {
        watch(gateway.relation.add(pair, requestId));
        await gateway.clock.runTurns();
      }
      gateway[busy].insertClaims.calls[0]!.reject(new Error('garbled'));
      await gateway.clock.runTurns();
      const [one, two] = gateway.ids.slice(slots);
      const claims = [
        { claim_id: one, request_ids: ['one'] },
        { claim_id: two, request_ids: ['two'] },
      ];
      expect(sentTo(gateway, other)).to.deep.equal(claims);
      expect(sentTo(gateway, busy)).to.deep.equal(claims);
    });

  it('share a claim among 64 requests at most, then a new one', async () => {
    const gateway = createGateway();
    const requests = Array.from({ length: 130 }, (_, i) => `request-${i}`);
    requests.forEach((requestId) => watch(gateway.relation.add(pair, requestId)));
    await gateway.clock.runTurns();
    const [a, b, c] = gateway.ids;
    const claims = [
      { claim_id: a, request_ids: requests.slice(0, 64) },
      { claim_id: b, request_ids: requests.slice(64, 128) },
      { claim_id: c, request_ids: requests.slice(128) },
    ];
    expect(sentTo(gateway, 'left')).to.deep.equal(claims);
    expect(sentTo(gateway, 'right')).to.deep.equal(claims);
  });

  it('share the new claim also after the previous claim has ended', async () => {
    const gateway = createGateway();
    await occupySlots(gateway, ['left', 'right']);
    for (let i = 0; i < 64; i++) watch(gateway.relation.add(pair, `request-${i}`));
    await gateway.clock.advance(100);
    watch(gateway.relation.add(pair, 'one'));
    await gateway.clock.advance(times.waitMs - 100);
    watch(gateway.relation.add(pair, 'two'));
    gateway.left.insertClaims.calls[0]!.reject(new Error('garbled'));
    await gateway.clock.runTurns();
    expect(sentTo(gateway, 'left').map(({ request_ids }) => request_ids)).to.deep.equal([['one', 'two']]);
  });

  it('do not share a claim that was never sent', async () => {
    const gateway = createGateway();
    await occupySlots(gateway, ['left', 'right']);
    const expired = gateway.relation.add(pair, 'one');
    await gateway.clock.advance(times.waitMs);
    expect((await atOnce(gateway, expired)).outcome).to.equal('not_executed');
    watch(gateway.relation.add(pair, 'two'));
    gateway.left.insertClaims.calls[0]!.reject(new Error('garbled'));
    await gateway.clock.runTurns();
    expect(sentTo(gateway, 'left')).to.deep.equal([{ claim_id: gateway.ids.at(-1), request_ids: ['two'] }]);
    expect(gateway.left.retireClaims.calls).to.have.length(0);
  });

  it('withdraw a shared claim once, for all its requests', async () => {
    const gateway = createGateway();
    gateway.left.insertClaims.reply(() => ({ outcome: 'entity_not_found' }));
    gateway.right.insertClaims.reply(new Error('garbled'));
    await atOnce(gateway, Promise.all(['one', 'two'].map((requestId) => gateway.relation.add(pair, requestId))));
    const withdrawal = { ...pair, claim_ids: [gateway.ids[0]], remove_id: null, request_ids: ['one', 'two'] };
    expect(gateway.right.retireClaims.calls.map(({ items }) => items)).to.deep.equal([[withdrawal]]);
  });
});
