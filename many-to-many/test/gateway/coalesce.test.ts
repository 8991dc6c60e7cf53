import { expect } from 'chai';
import { askCopy } from '../../src/gateway/ask.ts';
import { maxBatch, operation } from '../../src/operation.ts';
import { z } from 'zod';
import { Clock } from './clock.ts';
import { coalescingOn, createCoalesced } from './createCoalesced.ts';
import { atOnce, createGateway, times, watch } from './createGateway.ts';
import { newPair } from './samples.ts';
import { scriptedOperations } from './scripted.ts';

describe('the coalescer', () => {
  it('sends the items of one turn in one call, in order, and returns the outcome of each item', async () => {
    const { clock, send, answersTo, sent } = createCoalesced();
    send.reply((item) => `done ${item}`);
    const answers = answersTo(1, 2);
    await clock.runMicrotasks();
    answers.push(...answersTo(3));
    expect(sent()).to.deep.equal([]);
    expect(await atOnce({ clock }, Promise.all(answers))).to.deep.equal(['done 1', 'done 2', 'done 3']);
    expect(sent()).to.deep.equal([[1, 2, 3]]);
  });

  it('sends the items of the next turn in another call while slots are free', async () => {
    const { clock, askAll, sent } = createCoalesced();
    askAll(1, 2);
    await clock.runTurns();
    askAll(3);
    await clock.runTurns();
    expect(sent()).to.deep.equal([[1, 2], [3]]);
  });

  it('sends the items of a turn in one call, also if another call has ended in that turn', async () => {
    const { clock, send, askAll, sent } = createCoalesced();
    askAll(1);
    await clock.runTurns();
    askAll(2);
    send.calls[0]!.resolve(['done']);
    await clock.runMicrotasks();
    askAll(3);
    await clock.runTurns();
    expect(sent()).to.deep.equal([[1], [2, 3]]);
  });

  it('keeps the items that arrive while every slot is busy for the next batch', async () => {
    const { clock, askAll, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    for (const item of [1, 2, 3]) {
      askAll(item);
      await clock.advance(100);
    }
    expect(sent()).to.deep.equal([]);
    held!.resolve(['done']);
    await clock.runTurns();
    expect(sent()).to.deep.equal([[1, 2, 3]]);
  });

  it('limits the weight of a batch, and sends the remaining items in the next', async () => {
    const { clock, askAll, sent } = createCoalesced();
    askAll(4, 5, 1, 1, 9, 2);
    await clock.runTurns();
    expect(sent()).to.deep.equal([[4, 5, 1], [1, 9], [2]]);
  });

  it('sends an item above the weight limit in a batch of its own', async () => {
    const { clock, askAll, sent } = createCoalesced();
    askAll(1, 11, 2);
    await clock.runTurns();
    expect(sent()).to.deep.equal([[1], [11], [2]]);
  });

  it('gives items the weight 1 by default', async () => {
    const clock = new Clock();
    const item = { value: z.number() };
    const operations = {
      ping: operation({ summary: 'Ping', item, outcome: z.object({ outcome: z.literal('pong') }) }),
    };
    const copy = scriptedOperations(operations);
    const { ping } = askCopy(operations, copy, coalescingOn(clock));
    for (let value = 0; value <= maxBatch; value++) watch(ping({ value, request_ids: ['request-1'] }));
    await clock.runTurns();
    expect(copy.ping.calls.map(({ items }) => items.length)).to.deep.equal([maxBatch, 1]);
  });

  it('calls the callback of each item just before it sends the batch', async () => {
    const { clock, send, ask } = createCoalesced();
    const sends: string[] = [];
    for (const item of [8, 9]) watch(ask(item, () => sends.push(`${item} after ${send.calls.length} calls`)));
    expect(sends).to.deep.equal([]);
    await clock.runTurns();
    expect(sends).to.deep.equal(['8 after 0 calls', '9 after 1 calls']);
  });

  for (const [name, end] of [
    ['was answered', ({ resolve }) => resolve(['done'])],
    ['failed', ({ reject }) => reject(new Error('garbled'))],
    ['had the wrong number of outcomes', ({ resolve }) => resolve([])],
  ] satisfies [string, (call: { resolve: (outcomes: string[]) => void; reject: (error: unknown) => void }) => void][])
    it(`releases the slot of a call that ${name}`, async () => {
      const { clock, askAll, sent, takeSlots } = createCoalesced();
      const [held] = await takeSlots();
      askAll(2);
      await clock.runTurns();
      expect(sent()).to.deep.equal([]);
      end(held!);
      await clock.runTurns();
      expect(sent()).to.deep.equal([[2]]);
    });

  it('keeps the slot of a call until the call ends, also after its deadline', async () => {
    const { clock, askAll, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    await clock.advance(times.callMs);
    askAll(2);
    await clock.runTurns();
    expect(sent()).to.deep.equal([]);
    held!.resolve(['late']);
    await clock.runTurns();
    expect(sent()).to.deep.equal([[2]]);
  });
});

describe('the calls to a copy', () => {
  it('are separate for each operation and copy', async () => {
    const gateway = createGateway();
    for (let i = 0; i < 3; i++) {
      watch(gateway.relation.add(newPair(), 'request-1'));
      watch(gateway.relation.read(newPair(), 'request-1'));
    }
    await gateway.clock.runTurns();
    for (const copy of [gateway.left, gateway.right])
      for (const operation of [copy.insertClaims, copy.readPairs])
        expect(operation.calls.map(({ items }) => items.length)).to.deep.equal([3]);
  });

  it('have at most 1,000 items, or lists with 1,000 pairs', async () => {
    const gateway = createGateway();
    for (let i = 0; i < 1_001; i++) watch(gateway.relation.read(newPair(), 'request-1'));
    for (const limit of [500, 499, 2])
      watch(gateway.relation.listByRight({ id: newPair().right, after: null, limit }, 'request-1'));
    await gateway.clock.runTurns();
    const lengths = (calls: { items: unknown[] }[]) => calls.map(({ items }) => items.length);
    expect(lengths(gateway.left.readPairs.calls)).to.deep.equal([1_000, 1]);
    expect(lengths(gateway.left.listByOther.calls)).to.deep.equal([2, 1]);
    expect(lengths(gateway.right.listByOwn.calls)).to.deep.equal([2, 1]);
  });
});
