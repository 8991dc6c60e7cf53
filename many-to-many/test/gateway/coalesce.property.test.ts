import { expect } from 'chai';
import fc from 'fast-check';
import { coalesce } from '../../src/gateway/coalesce.ts';
import { NotExecuted } from '../../src/outcome.ts';
import { Clock } from './clock.ts';
import { coalescingOn } from './createCoalesced.ts';
import { slots, times } from './createGateway.ts';

const maxWeight = 10;

interface Item {
  weight: number;
  arrived: number;
  /** The times at which the item was sent and ended, and their steps in the whole run. */
  sent: { at: number; step: number }[];
  ended: { at: number; step: number; outcome: unknown }[];
}

interface Call {
  items: Item[];
  from: number;
  to: number;
  ends: 'answered' | 'failed' | 'one too few';
}

const plans = fc.record({
  arrivals: fc.array(
    // few instants, so that turns have several events
    fc.record({ at: fc.integer({ min: 0, max: 40 }), weight: fc.integer({ min: 1, max: 12 }) }),
    { minLength: 1, maxLength: 60 },
  ),
  calls: fc.array(
    fc.record({
      takes: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 60 })),
      ends: fc.constantFrom('answered', 'answered', 'failed', 'one too few'),
    }),
    { minLength: 1, maxLength: 20 },
  ),
});
const instant = 50;

/** Runs a plan. @returns all its items and calls */
async function runPlan({ arrivals, calls: planned }: typeof plans extends fc.Arbitrary<infer Plan> ? Plan : never) {
  const clock = new Clock();
  const items: Item[] = [];
  const calls: Call[] = [];
  let steps = 0;

  const send = (batch: Item[]) =>
    new Promise<Item[]>((resolve, reject) => {
      const { takes, ends } = planned[calls.length % planned.length]!;
      calls.push({ items: batch, from: clock.now(), to: clock.now() + takes * instant, ends });
      batch.forEach(({ sent }) => sent.push({ at: clock.now(), step: steps++ }));
      clock.timer(takes * instant, () => {
        if (ends === 'failed') reject(new Error('garbled'));
        else resolve(ends === 'answered' ? batch : batch.slice(1));
      });
    });
  const ask = coalesce(send, coalescingOn(clock), { weigh: ({ weight }: Item) => weight, maxWeight });

  for (const { at, weight } of arrivals)
    clock.timer(at * instant, () => {
      const item: Item = { weight, arrived: clock.now(), sent: [], ended: [] };
      items.push(item);
      const end = (outcome: unknown) => item.ended.push({ at: clock.now(), step: steps++, outcome });
      ask(item).then(end, end);
    });
  // enough for the longest wait and the longest call after the last arrival
  await clock.advance(40 * instant + times.waitMs + 60 * instant);
  return { items, calls };
}

/** The coalescer rejected the item before it was sent. The calls of this test never fail with NotExecuted. */
const neverSent = ({ ended }: Item) => ended[0]?.outcome instanceof NotExecuted;

describe('the coalescer, with random arrivals, durations and failures', () => {
  const property = (name: string, check: (seen: Awaited<ReturnType<typeof runPlan>>) => void) =>
    it(name, () =>
      fc.assert(
        fc.asyncProperty(plans, async (plan) => check(await runPlan(plan))),
        { numRuns: 150 },
      ),
    );

  property('ends every item exactly once, within callMs of its arrival', ({ items }) => {
    for (const { arrived, ended } of items) {
      expect(ended).to.have.length(1);
      expect(ended[0]!.at - arrived).to.be.at.most(times.callMs);
    }
  });

  property('sends each item at most once, and no rejected item', ({ items }) => {
    for (const item of items) {
      expect(item.sent).to.have.length(neverSent(item) ? 0 : 1);
      if (item.sent[0]) expect(item.sent[0].step).to.be.below(item.ended[0]!.step);
    }
  });

  property('returns the own outcome of an item, or the failure of its batch', ({ calls }) => {
    for (const { items, to, ends } of calls) {
      const deadline = items[0]!.arrived + times.callMs;
      for (const item of items) {
        const { at, outcome } = item.ended[0]!;
        expect(at).to.equal(Math.min(to, deadline));
        if (to < deadline && ends === 'answered') expect(outcome).to.equal(item);
        if (to > deadline || ends !== 'answered') expect(outcome).to.be.instanceOf(Error);
      }
    }
  });

  const inFlight = (calls: Call[], at: number) => calls.filter(({ from, to }) => from <= at && at < to).length;

  property('has no more calls in flight than slots', ({ calls }) => {
    for (const { from } of calls) expect(inFlight(calls, from)).to.be.at.most(slots);
  });

  property('lets no item wait while a slot is free, or too long', ({ items, calls }) => {
    for (const item of items) {
      const until = item.sent[0]?.at ?? item.ended[0]!.at;
      expect(until - item.arrived).to.be.at.most(times.waitMs);
      if (neverSent(item)) expect(until - item.arrived).to.equal(times.waitMs);
      const instants = [item.arrived, ...calls.map(({ to }) => to)].filter((at) => item.arrived <= at && at < until);
      for (const at of instants) expect(inFlight(calls, at)).to.equal(slots);
    }
  });

  property('keeps the order of arrival, and limits the weight of a batch', ({ items, calls }) => {
    expect(calls.flatMap((call) => call.items)).to.deep.equal(items.filter((item) => !neverSent(item)));
    for (const call of calls) {
      const weight = call.items.reduce((sum, item) => sum + item.weight, 0);
      if (call.items.length > 1) expect(weight).to.be.at.most(maxWeight);
    }
  });
});
