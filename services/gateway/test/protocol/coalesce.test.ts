import { expect } from 'chai';
import { coalesce } from '../../src/protocol/coalesce.ts';
import { Clock } from './clock.ts';
import { createCoalesced } from './coalesced.ts';
import { newPair, sampleConference } from './samples.ts';
import { scripted } from './scripted.ts';
import { atOnce, createWorld, times, watch } from './world.ts';

describe('the coalescer', () => {
  it('makes one call of a turn, in order, and gives each item its own outcome', async () => {
    const { clock, send, answersTo, sent } = createCoalesced();
    send.reply((item) => `done ${item}`);
    const answers = answersTo(1, 2);
    await clock.microtasks();
    answers.push(...answersTo(3));
    expect(sent()).to.deep.equal([]);
    expect(await atOnce({ clock }, Promise.all(answers))).to.deep.equal(['done 1', 'done 2', 'done 3']);
    expect(sent()).to.deep.equal([[1, 2, 3]]);
  });

  it('makes another call of the next turn, while slots are free', async () => {
    const { clock, askAll, sent } = createCoalesced();
    askAll(1, 2);
    await clock.settle();
    askAll(3);
    await clock.settle();
    expect(sent()).to.deep.equal([[1, 2], [3]]);
  });

  it('makes one call of a turn in which another call ended', async () => {
    const { clock, send, askAll, sent } = createCoalesced();
    askAll(1);
    await clock.settle();
    askAll(2);
    send.calls[0]!.resolve(['done']);
    await clock.microtasks();
    askAll(3);
    await clock.settle();
    expect(sent()).to.deep.equal([[1], [2, 3]]);
  });

  it('keeps what arrives while every slot is busy for the next batch', async () => {
    const { clock, askAll, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    for (const item of [1, 2, 3]) {
      askAll(item);
      await clock.advance(100);
    }
    expect(sent()).to.deep.equal([]);
    held!.resolve(['done']);
    await clock.settle();
    expect(sent()).to.deep.equal([[1, 2, 3]]);
  });

  it('bounds the weight of a batch, and sends the rest in the next', async () => {
    const { clock, askAll, sent } = createCoalesced();
    askAll(4, 5, 1, 1, 9, 2);
    await clock.settle();
    expect(sent()).to.deep.equal([[4, 5, 1], [1, 9], [2]]);
  });

  it('sends an item that is too heavy for any batch alone, in its place', async () => {
    const { clock, askAll, sent } = createCoalesced();
    askAll(1, 11, 2);
    await clock.settle();
    expect(sent()).to.deep.equal([[1], [11], [2]]);
  });

  it('counts every item alike unless told how to weigh', async () => {
    const clock = new Clock();
    const send = scripted<number, string>();
    const ask = coalesce(send, { now: clock.now, timer: clock.timer, turn: clock.turn, times }, { maxWeight: 2 });
    [7, 8, 9].forEach((item) => watch(ask(item)));
    await clock.settle();
    expect(send.calls.map(({ items }) => items)).to.deep.equal([[7, 8], [9]]);
  });

  it('says just before a batch is sent which items go', async () => {
    const { clock, send, ask } = createCoalesced();
    const told: string[] = [];
    for (const item of [8, 9]) watch(ask(item, () => told.push(`${item} after ${send.calls.length} calls`)));
    expect(told).to.deep.equal([]);
    await clock.settle();
    expect(told).to.deep.equal(['8 after 0 calls', '9 after 1 calls']);
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
      await clock.settle();
      expect(sent()).to.deep.equal([]);
      end(held!);
      await clock.settle();
      expect(sent()).to.deep.equal([[2]]);
    });

  it('keeps the slot of a call that outlives its deadline, until it ends', async () => {
    const { clock, askAll, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    await clock.advance(times.downstream);
    askAll(2);
    await clock.settle();
    expect(sent()).to.deep.equal([]);
    held!.resolve(['late']);
    await clock.settle();
    expect(sent()).to.deep.equal([[2]]);
  });
});

describe("the protocol's calls", () => {
  it('are one for each operation and owner in a turn, and share no slots', async () => {
    const world = createWorld();
    for (let i = 0; i < 3; i++) {
      watch(world.protocol.add(newPair(), 'request-1'));
      watch(world.protocol.readPair(newPair(), 'request-1'));
    }
    await world.clock.settle();
    for (const copy of [world.author, world.conference])
      for (const operation of [copy.insertClaims, copy.readPairs])
        expect(operation.calls.map(({ items }) => items.length)).to.deep.equal([3]);
  });

  it('hold at most 1,000 items, or as many pairs as lists may ask for', async () => {
    const world = createWorld();
    for (let i = 0; i < 1_001; i++) watch(world.protocol.readPair(newPair(), 'request-1'));
    for (const limit of [500, 499, 2])
      watch(world.protocol.listByEvent({ id: newPair().event_id, after: null, limit }, 'request-1'));
    await world.clock.settle();
    const lengths = (calls: { items: unknown[] }[]) => calls.map(({ items }) => items.length);
    expect(lengths(world.author.readPairs.calls)).to.deep.equal([1_000, 1]);
    expect(lengths(world.author.listByForeign.calls)).to.deep.equal([2, 1]);
    expect(lengths(world.conference.listByOwned.calls)).to.deep.equal([2, 1]);
  });

  it('hold at most 1,000 pairs that authors are read for, but never split an author', async () => {
    const world = createWorld();
    const attendees = [1_001, 600, 400, 1].map((length) => ({
      author_id: newPair().author_id,
      events: Array.from({ length }, () => ({ event_id: newPair().event_id, claims: [] })),
    }));
    const entity = sampleConference();
    world.conference.listByConference.reply(() => ({ outcome: 'found', entity, attendees, more: false }));
    watch(world.protocol.listByConference({ id: entity.id, after: null, limit: 10 }, 'request-1'));
    await world.clock.settle();
    const read = world.author.readAttendees.calls.map(({ items }) => items.map(({ event_ids }) => event_ids.length));
    expect(read).to.deep.equal([[1_001], [600, 400], [1]]);
  });
});
