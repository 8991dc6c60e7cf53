import { expect } from 'chai';
import { createCopies, sides, times } from './createCopies.ts';

const pairOf = ({ ids }: ReturnType<typeof createCopies>) => ({ left: ids.left[0]!, right: ids.right[0]! });

describe('the reconciler in the background', () => {
  it('drops a half claim a few seconds after it becomes stable, between two scans', async () => {
    const setup = createCopies();
    const reconciler = setup.createReconciler();
    reconciler.start();
    await setup.time.advance(1_000);
    expect(setup.recorded.scans.map(({ outcome }) => outcome)).to.deep.equal(['reconciled']);
    // becomes stable just after a scan
    setup.insert('right', setup.claimId(times.graceMs - times.scanEveryMs - 1_500), pairOf(setup));
    await setup.time.advance(times.scanEveryMs + 2_000);
    const scans = setup.recorded.scans.length;
    await setup.time.advance(times.compareEveryMs);
    expect(setup.held('right')).to.deep.equal([]);
    expect(setup.recorded.scans).to.have.lengthOf(scans);
    expect(setup.recorded.failures).to.deep.equal([]);
    await reconciler.stop();
  });

  it('drops an old half claim in the next scan', async () => {
    const setup = createCopies();
    const reconciler = setup.createReconciler();
    reconciler.start();
    await setup.time.advance(1_000);
    setup.insert('left', setup.claimId(10 * times.graceMs), pairOf(setup));
    await setup.time.advance(times.scanEveryMs - 2_000);
    expect(setup.held('left')).to.have.lengthOf(1);
    await setup.time.advance(3_000);
    expect(setup.held('left')).to.deep.equal([]);
    await reconciler.stop();
  });

  it('drops newly stable claims also while a scan waits before it compacts', async () => {
    const setup = createCopies();
    for (const age of [2, 3].map((graces) => graces * times.graceMs)) {
      const claim = setup.claimId(age);
      for (const side of sides) setup.insert(side, claim, pairOf(setup));
    }
    const reconciler = setup.createReconciler();
    reconciler.start();
    await setup.time.advance(1_000);
    // becomes stable just after the scan has compared the claims
    const half = setup.claimId(times.graceMs - 2_000);
    setup.insert('right', half, pairOf(setup));
    await setup.time.advance(2 * times.compareEveryMs);
    expect(setup.recorded.scans).to.deep.equal([]);
    expect(setup.held('right')).to.have.lengthOf(2).and.not.include(half);
    await reconciler.stop();
  });

  it('rests only once if its calls take long', async () => {
    const setup = createCopies();
    setup.insert('right', setup.claimId(2 * times.graceMs), pairOf(setup));
    setup.network.latencyMs = 0.9 * times.callMs;
    const reconciler = setup.createReconciler();
    reconciler.start();
    while (setup.held('right').length > 0) await setup.time.advance(100);
    // eight calls, one after the other, and a rest
    expect(setup.time.now()).to.be.at.most(8 * setup.network.latencyMs + times.compareEveryMs + 1_000);
    await reconciler.stop();
  });

  it('continues after an owner service has not answered for a while', async () => {
    const setup = createCopies();
    const reconciler = setup.createReconciler();
    setup.unanswered.add('right');
    reconciler.start();
    await setup.time.advance(10 * times.scanEveryMs);
    expect(setup.recorded.scans.map(({ outcome }) => outcome))
      .to.include('unanswered')
      .and.not.include('reconciled');
    setup.unanswered.clear();
    await setup.time.advance(2 * times.scanEveryMs);
    expect(setup.recorded.scans.at(-1)!.outcome).to.equal('reconciled');
    await reconciler.stop();
  });

  it('drops no newly stable claims while its guard is tripped, or if they are too many', async () => {
    const setup = createCopies({ slice: 500, list: 100 });
    const reconciler = setup.createReconciler();
    reconciler.start();
    await setup.time.advance(1_000);
    // as if the other copy had lost the latest claims
    for (let i = 0; i < 1_500; i++) setup.insert('right', setup.claimId(times.graceMs - 3_000), pairOf(setup));
    await setup.time.advance(10 * times.scanEveryMs);
    expect(setup.held('right')).to.have.lengthOf(1_500);
    expect(setup.recorded.scans.at(-1)).to.include({ outcome: 'tripped' });
    expect(setup.recorded.failures).to.deep.equal([]);
    await reconciler.stop();
  });

  it('stops at once in any phase', async () => {
    for (const after of [0, 1_000, times.scanEveryMs]) {
      const setup = createCopies();
      const reconciler = setup.createReconciler();
      reconciler.start();
      await setup.time.advance(after);
      await setup.finish(reconciler.stop());
      const calls = { ...setup.calls };
      await setup.time.advance(10 * times.scanEveryMs);
      expect(setup.calls).to.deep.equal(calls);
    }
  });

  for (const [activity, operation, list, before] of [
    ['drops many claims', 'dropClaims', 256, 0],
    // a scan first lists the first claim of each copy
    ['looks for differences of the copies', 'listClaims', 4, 2],
  ] as const)
    it(`stops between two calls while it ${activity}`, async () => {
      const setup = createCopies({ slice: 2_000, list, lefts: 50, rights: 40 });
      for (const left of setup.ids.left)
        for (const right of setup.ids.right.slice(0, 20))
          setup.insert('right', setup.claimId(2 * times.graceMs), { left, right });
      setup.network.latencyMs = 200;
      const reconciler = setup.createReconciler();
      reconciler.start();
      while ((setup.calls[operation] ?? 0) <= before) await setup.time.advance(100);
      const start = setup.time.now();
      await setup.finish(reconciler.stop());
      expect(setup.time.now() - start).to.be.below(2_500);
      expect(setup.held('right').length).to.be.above(0);
    });
});
