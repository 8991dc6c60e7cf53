import { expect } from 'chai';
import { NotExecuted, Unknown } from '../../src/outcome.ts';
import { createCoalesced } from './createCoalesced.ts';
import { atOnce, slots, times, watch } from './createGateway.ts';

const maxWaiting = 10_000;

/** What the promise is rejected with. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );

describe('the coalescer, if time or room runs out', () => {
  it('drops an item that was not sent in time, which is certain, and never sends it', async () => {
    const { clock, answersTo, sent, takeSlots } = createCoalesced();
    const held = await takeSlots();
    const [first] = answersTo(2);
    await clock.advance(100);
    const [second] = answersTo(3);
    const states = [watch(first!), watch(second!)];
    await clock.advance(times.waitMs - 101);
    expect(states).to.deep.equal([{ done: false }, { done: false }]);
    await clock.advance(1);
    expect(states).to.deep.equal([{ done: true }, { done: false }]);
    await clock.advance(100);
    expect(await failure(first!)).to.be.instanceOf(NotExecuted);
    expect(await failure(second!)).to.be.instanceOf(NotExecuted);
    held.forEach(({ resolve }) => resolve(['done']));
    await clock.runTurns();
    expect(sent()).to.deep.equal([]);
  });

  it('drops it even if a slot is freed first, after the process was suspended', async () => {
    const { clock, answersTo, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    const [dropped] = answersTo(2);
    await clock.runTurns();
    clock.suspend(times.waitMs);
    held!.resolve(['done']);
    await clock.runTurns();
    expect(await failure(dropped!)).to.be.instanceOf(NotExecuted);
    expect(sent()).to.deep.equal([]);
  });

  it('gives up an item that was sent at the deadline, which is not certain', async () => {
    const { clock, answersTo } = createCoalesced();
    const [answer] = answersTo(2);
    const state = watch(answer!);
    await clock.advance(times.callMs - 1);
    expect(state.done).to.equal(false);
    await clock.advance(1);
    expect(await failure(answer!)).to.be.instanceOf(Unknown);
  });

  it('leaves no timer behind', async () => {
    const { clock, askAll, takeSlots } = createCoalesced();
    const held = await takeSlots();
    askAll(2);
    await clock.runTurns();
    expect(clock.pending).to.equal(slots + 1);
    held.forEach(({ resolve }) => resolve(['done']));
    await clock.runTurns();
    expect(clock.pending).to.equal(1);
    await clock.advance(times.callMs);
    expect(clock.pending).to.equal(0);
  });

  it('counts the deadline from when the first of the batch arrived', async () => {
    const { clock, answersTo, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    const [first] = answersTo(2);
    await clock.advance(300);
    const [second] = answersTo(3);
    await clock.runTurns();
    held!.resolve(['done']);
    await clock.advance(times.callMs - 301);
    const states = [watch(first!), watch(second!)];
    await clock.runTurns();
    expect(states).to.deep.equal([{ done: false }, { done: false }]);
    await clock.advance(1);
    expect(states).to.deep.equal([{ done: true }, { done: true }]);
    expect(await failure(second!)).to.be.instanceOf(Unknown);
  });

  it('rejects an item at once, and with certainty, if too many are waiting already', async () => {
    const { clock, ask, askAll, send, sent, takeSlots } = createCoalesced({ maxWeight: maxWaiting });
    const [held] = await takeSlots();
    askAll(...Array.from({ length: maxWaiting }, () => 1));
    const refused = ask(2);
    expect(await atOnce({ clock }, failure(refused))).to.be.instanceOf(NotExecuted);
    send.reply(() => 'done');
    held!.resolve(['done']);
    await clock.runTurns();
    expect(sent().map(({ length }) => length)).to.deep.equal([maxWaiting]);
    expect(await atOnce({ clock }, ask(3))).to.equal('done');
  });
});
