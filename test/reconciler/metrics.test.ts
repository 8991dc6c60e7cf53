import { createLogger } from '@attendance/common/runtime/logger';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { observeReconciler } from '@attendance/gateway-service/observeReconciler';
import { expect } from 'chai';
import { createCopies } from '../../many-to-many/test/reconciler/createCopies.ts';

const times = createTimes();

/** Creates two copies in memory, and the metrics of their reconcilers. */
function createObserved() {
  const metrics = createMetrics({ service: 'test' });
  const log = createLogger({ service: 'test', level: 'silent' });
  const copies = createCopies({ slice: 500, list: 100, events: observeReconciler({ times, metrics, log }) });
  const pair = { left: copies.ids.left[0]!, right: copies.ids.right[0]! };
  return {
    ...copies,
    pair,
    /** Reads a metric, or its series with this value of a label. */
    value: async (name: string, label?: string) => {
      const { values } = await metrics.registry.getSingleMetric(`attendance_${name}`)!.get();
      return values.find(({ labels }) => label === undefined || Object.values(labels).includes(label))?.value;
    },
  };
}

describe("the reconciler's metrics", () => {
  it('count a half claim that is dropped between two scans', async () => {
    const setup = createObserved();
    const reconciler = setup.createReconciler();
    reconciler.start();
    await setup.time.advance(1_000);
    expect(await setup.value('scans_total', 'reconciled')).to.equal(1);
    // it becomes stable just after a scan
    setup.insert('right', setup.claimId(times.graceMs - 2_000), setup.pair);
    await setup.time.advance(2 * times.compareEveryMs);
    expect(setup.held('right')).to.deep.equal([]);
    expect(await setup.value('scans_total', 'reconciled')).to.equal(1);
    expect(await setup.value('half_claims_seen_total')).to.equal(1);
    expect(await setup.value('claims_dropped_total', 'half')).to.equal(1);
    expect(await setup.value('half_claims')).to.equal(0);
    await reconciler.stop();
  });

  it('count the claims that a scan sees, and those that it drops, by reason', async () => {
    const setup = createObserved();
    expect(await setup.value('claims_dropped_total', 'surplus')).to.equal(0);
    setup.insert('right', setup.claimId(2 * times.graceMs), setup.pair);
    for (const age of [3, 4].map((graces) => graces * times.graceMs)) {
      const claim = setup.claimId(age);
      setup.insert('right', claim, setup.pair);
      setup.insert('left', claim, setup.pair);
    }
    await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    expect(await setup.value('claims')).to.equal(3);
    expect(await setup.value('half_claims')).to.equal(1);
    expect(await setup.value('half_claims_seen_total')).to.equal(1);
    expect(await setup.value('claims_dropped_total', 'half')).to.equal(1);
    expect(await setup.value('claims_dropped_total', 'surplus')).to.equal(2);
    expect(await setup.value('half_claims_oldest_seconds')).to.equal(0);
  });

  it('show the age of a half claim that a copy refuses to drop', async () => {
    const setup = createObserved();
    setup.insert('left', setup.claimId(2 * times.graceMs), setup.pair);
    // the clock of the left copy is set back during the comparison
    const onProgress = () => void (setup.clockAheadMs.left = -10 * times.graceMs);
    const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded', onProgress }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 1, oldest: setup.held('left')[0] });
    expect(report.dropped.half).to.equal(0);
    expect(await setup.value('half_claims_oldest_seconds')).to.be.closeTo((2 * times.graceMs) / 1000, 1);
    setup.clockAheadMs.left = 0;
    await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    expect(setup.held('left')).to.deep.equal([]);
    expect(await setup.value('half_claims_oldest_seconds')).to.equal(0);
    expect(await setup.value('half_claims_seen_total')).to.equal(2);
  });

  it('show the lag of the reconciler, which grows while a transaction stays open', async () => {
    const setup = createObserved();
    const close = setup.copies.right.open({ outcomes: [], changes: [], commit: () => {}, rollback: () => {} });
    await setup.time.advance(3_600_000);
    const scanLag = async () => {
      const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
      expect(report.outcome).to.equal('reconciled');
      return (await setup.value('reconciler_lag_seconds'))!;
    };
    const lagWithTransaction = await scanLag();
    close();
    expect(lagWithTransaction - (await scanLag())).to.be.closeTo(3_600, 5);
  });

  it('keep the age of the oldest half claim while the guard is tripped, also if a scan is unanswered', async () => {
    const setup = createObserved();
    for (let i = 0; i < 1_500; i += 1) setup.insert('right', setup.claimId(2 * times.graceMs), setup.pair);
    setup.insert('right', setup.claimId(5 * times.graceMs), setup.pair);
    await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    const read = async () => ({
      tripped: await setup.value('reconciler_tripped'),
      half: await setup.value('half_claims'),
      oldest: Math.round((await setup.value('half_claims_oldest_seconds'))!),
    });
    const before = { tripped: 1, half: 1_501, oldest: (5 * times.graceMs) / 1000 };
    expect(await read()).to.deep.equal(before);
    setup.unanswered.add('right');
    await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    expect(await setup.value('scans_total', 'unanswered')).to.equal(1);
    expect(await read()).to.deep.equal(before);
  });
});
