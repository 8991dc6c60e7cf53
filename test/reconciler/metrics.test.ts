import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { observeReconciler } from '@attendance/gateway-service/observeReconciler';
import { expect } from 'chai';
import { createMemory, times } from './memory.ts';

/** Two owners in memory, and what the reconciler tells Prometheus. */
function createObserved() {
  const metrics = createMetrics({ service: 'test' });
  const log = createLogger({ service: 'test', level: 'silent' });
  const memory = createMemory({ slice: 500, list: 100, observer: observeReconciler({ times, metrics, log }) });
  const pair = { event: memory.ids.events[0]!, author: memory.ids.authors[0]! };
  return {
    ...memory,
    pair,
    /** A metric's value, of one label's value where it has one. */
    value: async (name: string, label?: string) => {
      const { values } = await metrics.registry.getSingleMetric(`attendance_${name}`)!.get();
      return values.find(({ labels }) => label === undefined || Object.values(labels).includes(label))?.value;
    },
  };
}

describe("the reconciler's metrics", () => {
  it('count a half claim that is dropped between two walks, as seen and as dropped', async () => {
    const memory = createObserved();
    const reconciler = memory.reconciler();
    reconciler.start();
    await memory.time.advance(1_000);
    expect(await memory.value('walks_total', 'reconciled')).to.equal(1);
    // settled just after a walk
    memory.put('author', memory.claimId(times.grace - 2_000), memory.pair);
    await memory.time.advance(2 * times.compare);
    expect(memory.held('author')).to.deep.equal([]);
    expect(await memory.value('walks_total', 'reconciled')).to.equal(1);
    expect(await memory.value('half_claims_seen_total')).to.equal(1);
    expect(await memory.value('claims_dropped_total', 'half')).to.equal(1);
    expect(await memory.value('half_claims')).to.equal(0);
    await reconciler.stop();
  });

  it('count what a walk sees and drops, by reason, and what it compacts', async () => {
    const memory = createObserved();
    expect(await memory.value('claims_dropped_total', 'surplus')).to.equal(0);
    memory.put('author', memory.claimId(2 * times.grace), memory.pair);
    for (const age of [3, 4].map((graces) => graces * times.grace)) {
      const claim = memory.claimId(age);
      memory.put('author', claim, memory.pair);
      memory.put('conference', claim, memory.pair);
    }
    await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    expect(await memory.value('claims')).to.equal(3);
    expect(await memory.value('half_claims')).to.equal(1);
    expect(await memory.value('half_claims_seen_total')).to.equal(1);
    expect(await memory.value('claims_dropped_total', 'half')).to.equal(1);
    expect(await memory.value('claims_dropped_total', 'surplus')).to.equal(2);
    expect(await memory.value('half_claims_oldest_seconds')).to.equal(0);
  });

  it('tell the age of what a copy refuses to drop', async () => {
    const memory = createObserved();
    memory.put('conference', memory.claimId(2 * times.grace), memory.pair);
    // its clock is put back while it is being compared
    const onProgress = () => void (memory.ahead.conference = -10 * times.grace);
    const report = await memory.finish(memory.reconciler().run({ mode: 'guarded', onProgress }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 1, oldest: memory.held('conference')[0] });
    expect(report.dropped.half).to.equal(0);
    expect(await memory.value('half_claims_oldest_seconds')).to.be.closeTo((2 * times.grace) / 1000, 1);
    memory.ahead.conference = 0;
    await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    expect(memory.held('conference')).to.deep.equal([]);
    expect(await memory.value('half_claims_oldest_seconds')).to.equal(0);
    expect(await memory.value('half_claims_seen_total')).to.equal(2);
  });

  it('tell how far behind what was compared is, which a transaction holds up that stays open', async () => {
    const memory = createObserved();
    const close = memory.copies.author.open({ outcomes: [], changes: [], commit: () => {}, rollback: () => {} });
    await memory.time.advance(3_600_000);
    const walk = async () => {
      const report = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
      expect(report.outcome).to.equal('reconciled');
      return (await memory.value('reconciler_lag_seconds'))!;
    };
    const behind = await walk();
    close();
    expect(behind - (await walk())).to.be.closeTo(3_600, 5);
  });

  it('tell how old what is left is while it has stopped, and keep what they knew where nobody answers', async () => {
    const memory = createObserved();
    for (let i = 0; i < 1_500; i += 1) memory.put('author', memory.claimId(2 * times.grace), memory.pair);
    memory.put('author', memory.claimId(5 * times.grace), memory.pair);
    await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    const told = async () => ({
      stopped: await memory.value('reconciler_stopped'),
      half: await memory.value('half_claims'),
      oldest: Math.round((await memory.value('half_claims_oldest_seconds'))!),
    });
    const before = { stopped: 1, half: 1_501, oldest: (5 * times.grace) / 1000 };
    expect(await told()).to.deep.equal(before);
    memory.silent.add('author');
    await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    expect(await memory.value('walks_total', 'unanswered')).to.equal(1);
    expect(await told()).to.deep.equal(before);
  });
});
