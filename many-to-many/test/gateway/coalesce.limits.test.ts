import { expect } from 'chai';
import { NotExecuted, Unknown } from '../../src/outcome.ts';
import { createCoalesced } from './createCoalesced.ts';
import { atOnce, slots, times, watch } from './createGateway.ts';

const maxWaiting = 10_000;

/** Returns the error with which a promise is rejected. */
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('the promise was not rejected'),
    (error: unknown) => error,
  );

describe('the limits of the coalescer', () => {
  it('rejects an item that waits too long with NotExecuted, and never sends it', async () => {
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
    expect(await errorOf(first!)).to.be.instanceOf(NotExecuted);
    expect(await errorOf(second!)).to.be.instanceOf(NotExecuted);
    held.forEach(({ resolve }) => resolve(['done']));
    await clock.runTurns();
    expect(sent()).to.deep.equal([]);
  });

  it('rejects such an item also if a slot becomes free first, after a suspension of the process', async () => {
    const { clock, answersTo, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    const [dropped] = answersTo(2);
    await clock.runTurns();
    clock.suspend(times.waitMs);
    held!.resolve(['done']);
    await clock.runTurns();
    expect(await errorOf(dropped!)).to.be.instanceOf(NotExecuted);
    expect(sent()).to.deep.equal([]);
  });

  it('rejects a sent item with Unknown at the deadline', async () => {
    const { clock, answersTo } = createCoalesced();
    const [answer] = answersTo(2);
    const state = watch(answer!);
    await clock.advance(times.callMs - 1);
    expect(state.done).to.equal(false);
    await clock.advance(1);
    expect(await errorOf(answer!)).to.be.instanceOf(Unknown);
  });

  it('clears all timers', async () => {
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

  it('counts the deadline from the arrival of the first item of a batch', async () => {
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
    expect(await errorOf(second!)).to.be.instanceOf(Unknown);
  });

  it('rejects an item with NotExecuted if too many are waiting', async () => {
    const { clock, ask, askAll, send, sent, takeSlots } = createCoalesced({ maxWeight: maxWaiting });
    const [held] = await takeSlots();
    askAll(...Array.from({ length: maxWaiting }, () => 1));
    const rejected = ask(2);
    expect(await atOnce({ clock }, errorOf(rejected))).to.be.instanceOf(NotExecuted);
    send.reply(() => 'done');
    held!.resolve(['done']);
    await clock.runTurns();
    expect(sent().map(({ length }) => length)).to.deep.equal([maxWaiting]);
    expect(await atOnce({ clock }, ask(3))).to.equal('done');
  });
});
