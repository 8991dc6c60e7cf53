import { expect } from 'chai';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { createCoalesced } from './coalesced.ts';
import { atOnce, slots, times, watch } from './world.ts';

const maxWaiting = 10_000;

/** What the promise is rejected with. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );

describe('the coalescer, where time or room runs out', () => {
  it('drops what was not sent in time, which is certain, and never sends it', async () => {
    const { clock, answersTo, sent, takeSlots } = createCoalesced();
    const held = await takeSlots();
    const [first] = answersTo(2);
    await clock.advance(100);
    const [second] = answersTo(3);
    const states = [watch(first!), watch(second!)];
    await clock.advance(times.wait - 101);
    expect(states).to.deep.equal([{ settled: false }, { settled: false }]);
    await clock.advance(1);
    expect(states).to.deep.equal([{ settled: true }, { settled: false }]);
    await clock.advance(100);
    expect(await failure(first!)).to.be.instanceOf(NotExecuted);
    expect(await failure(second!)).to.be.instanceOf(NotExecuted);
    held.forEach(({ resolve }) => resolve(['done']));
    await clock.settle();
    expect(sent()).to.deep.equal([]);
  });

  it('drops it even where a slot comes free first, after a process slept', async () => {
    const { clock, answersTo, sent, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    const [dropped] = answersTo(2);
    await clock.settle();
    clock.sleep(times.wait);
    held!.resolve(['done']);
    await clock.settle();
    expect(await failure(dropped!)).to.be.instanceOf(NotExecuted);
    expect(sent()).to.deep.equal([]);
  });

  it('gives up what was sent at the deadline, which is not certain', async () => {
    const { clock, answersTo } = createCoalesced();
    const [answer] = answersTo(2);
    const state = watch(answer!);
    await clock.advance(times.downstream - 1);
    expect(state.settled).to.equal(false);
    await clock.advance(1);
    expect(await failure(answer!))
      .to.be.instanceOf(Error)
      .and.not.instanceOf(NotExecuted);
  });

  it('leaves no timer behind', async () => {
    const { clock, askAll, takeSlots } = createCoalesced();
    const held = await takeSlots();
    askAll(2);
    await clock.settle();
    expect(clock.pending).to.equal(slots + 1);
    held.forEach(({ resolve }) => resolve(['done']));
    await clock.settle();
    expect(clock.pending).to.equal(1);
    await clock.advance(times.downstream);
    expect(clock.pending).to.equal(0);
  });

  it('counts the deadline from when the first of the batch arrived', async () => {
    const { clock, answersTo, takeSlots } = createCoalesced();
    const [held] = await takeSlots();
    const [first] = answersTo(2);
    await clock.advance(300);
    const [second] = answersTo(3);
    await clock.settle();
    held!.resolve(['done']);
    await clock.advance(times.downstream - 301);
    const states = [watch(first!), watch(second!)];
    await clock.settle();
    expect(states).to.deep.equal([{ settled: false }, { settled: false }]);
    await clock.advance(1);
    expect(states).to.deep.equal([{ settled: true }, { settled: true }]);
    expect(await failure(second!)).not.to.be.instanceOf(NotExecuted);
  });

  it('refuses at once, and with certainty, what there is no room to keep waiting', async () => {
    const { clock, ask, askAll, send, sent, takeSlots } = createCoalesced({ maxWeight: maxWaiting });
    const [held] = await takeSlots();
    askAll(...Array.from({ length: maxWaiting }, () => 1));
    const refused = ask(2);
    expect(await atOnce({ clock }, failure(refused))).to.be.instanceOf(NotExecuted);
    send.reply(() => 'done');
    held!.resolve(['done']);
    await clock.settle();
    expect(sent().map(({ length }) => length)).to.deep.equal([maxWaiting]);
    expect(await atOnce({ clock }, ask(3))).to.equal('done');
  });
});
