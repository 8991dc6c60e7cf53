import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { observeReconciler } from '@attendance/gateway-service/observeReconciler';
import { expect } from 'chai';
import { createCopies } from '../../many-to-many/test/reconciler/createCopies.ts';

const times = createTimes();

/** Makes two copies in memory, and observes the reconciler's metrics. */
function createObserved() {
  const metrics = createMetrics({ service: 'test' });
  const log = createLogger({ service: 'test', level: 'silent' });
  const copies = createCopies({ slice: 500, list: 100, events: observeReconciler({ times, metrics, log }) });
  const pair = { left: copies.ids.left[0]!, right: copies.ids.right[0]! };
  return {
    ...copies,
    pair,
    /** Reads a metric, with a value of its label if it has one. */
    value: async (name: string, label?: string) => {
      const { values } = await metrics.registry.getSingleMetric(`attendance_${name}`)!.get();
      return values.find(({ labels }) => label === undefined || Object.values(labels).includes(label))?.value;
    },
  };
}

describe("the reconciler's metrics", () => {
  it('count a half claim that is dropped between two scans, as seen and as dropped', async () => {
    const given = createObserved();
    const reconciler = given.reconciler();
    reconciler.start();
    await given.time.advance(1_000);
    expect(await given.value('scans_total', 'reconciled')).to.equal(1);
    // it becomes stable just after a scan
    given.put('right', given.claimId(times.graceMs - 2_000), given.pair);
    await given.time.advance(2 * times.compareEveryMs);
    expect(given.held('right')).to.deep.equal([]);
    expect(await given.value('scans_total', 'reconciled')).to.equal(1);
    expect(await given.value('half_claims_seen_total')).to.equal(1);
    expect(await given.value('claims_dropped_total', 'half')).to.equal(1);
    expect(await given.value('half_claims')).to.equal(0);
    await reconciler.stop();
  });

  it('count the claims that a scan sees and drops, by reason, and those that it compacts', async () => {
    const given = createObserved();
    expect(await given.value('claims_dropped_total', 'surplus')).to.equal(0);
    given.put('right', given.claimId(2 * times.graceMs), given.pair);
    for (const age of [3, 4].map((graces) => graces * times.graceMs)) {
      const claim = given.claimId(age);
      given.put('right', claim, given.pair);
      given.put('left', claim, given.pair);
    }
    await given.finish(given.reconciler().run({ mode: 'guarded' }));
    expect(await given.value('claims')).to.equal(3);
    expect(await given.value('half_claims')).to.equal(1);
    expect(await given.value('half_claims_seen_total')).to.equal(1);
    expect(await given.value('claims_dropped_total', 'half')).to.equal(1);
    expect(await given.value('claims_dropped_total', 'surplus')).to.equal(2);
    expect(await given.value('half_claims_oldest_seconds')).to.equal(0);
  });

  it('give the age of a claim that a copy refuses to drop', async () => {
    const given = createObserved();
    given.put('left', given.claimId(2 * times.graceMs), given.pair);
    // its clock is set back during the comparison
    const onProgress = () => void (given.ahead.left = -10 * times.graceMs);
    const report = await given.finish(given.reconciler().run({ mode: 'guarded', onProgress }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 1, oldest: given.held('left')[0] });
    expect(report.dropped.half).to.equal(0);
    expect(await given.value('half_claims_oldest_seconds')).to.be.closeTo((2 * times.graceMs) / 1000, 1);
    given.ahead.left = 0;
    await given.finish(given.reconciler().run({ mode: 'guarded' }));
    expect(given.held('left')).to.deep.equal([]);
    expect(await given.value('half_claims_oldest_seconds')).to.equal(0);
    expect(await given.value('half_claims_seen_total')).to.equal(2);
  });

  it('give the lag of the compared claims, which grows while a transaction stays open', async () => {
    const given = createObserved();
    const close = given.copies.right.open({ outcomes: [], changes: [], commit: () => {}, rollback: () => {} });
    await given.time.advance(3_600_000);
    const scanLag = async () => {
      const report = await given.finish(given.reconciler().run({ mode: 'guarded' }));
      expect(report.outcome).to.equal('reconciled');
      return (await given.value('reconciler_lag_seconds'))!;
    };
    const behind = await scanLag();
    close();
    expect(behind - (await scanLag())).to.be.closeTo(3_600, 5);
  });

  it('give the age of the oldest half claim while the guard is tripped, and keep it if nobody answers', async () => {
    const given = createObserved();
    for (let i = 0; i < 1_500; i += 1) given.put('right', given.claimId(2 * times.graceMs), given.pair);
    given.put('right', given.claimId(5 * times.graceMs), given.pair);
    await given.finish(given.reconciler().run({ mode: 'guarded' }));
    const read = async () => ({
      tripped: await given.value('reconciler_tripped'),
      half: await given.value('half_claims'),
      oldest: Math.round((await given.value('half_claims_oldest_seconds'))!),
    });
    const before = { tripped: 1, half: 1_501, oldest: (5 * times.graceMs) / 1000 };
    expect(await read()).to.deep.equal(before);
    given.silent.add('right');
    await given.finish(given.reconciler().run({ mode: 'guarded' }));
    expect(await given.value('scans_total', 'unanswered')).to.equal(1);
    expect(await read()).to.deep.equal(before);
  });
});
