import { expect } from 'chai';
import { createCopies, sides, times } from './createCopies.ts';

const pairOf = ({ ids }: ReturnType<typeof createCopies>) => ({ left: ids.left[0]!, right: ids.right[0]! });

describe('the reconciler beside the requests', () => {
  it('drops a half claim a few seconds after it becomes stable, between two scans', async () => {
    const given = createCopies();
    const reconciler = given.reconciler();
    reconciler.start();
    await given.time.advance(1_000);
    expect(given.noted.scans.map(({ outcome }) => outcome)).to.deep.equal(['reconciled']);
    // it becomes stable just after a scan
    given.put('right', given.claimId(times.graceMs - times.scanEveryMs - 1_500), pairOf(given));
    await given.time.advance(times.scanEveryMs + 2_000);
    const scans = given.noted.scans.length;
    await given.time.advance(times.compareEveryMs);
    expect(given.held('right')).to.deep.equal([]);
    expect(given.noted.scans).to.have.lengthOf(scans);
    expect(given.noted.failures).to.deep.equal([]);
    await reconciler.stop();
  });

  it('finds in the next scan what only a scan can find', async () => {
    const given = createCopies();
    const reconciler = given.reconciler();
    reconciler.start();
    await given.time.advance(1_000);
    given.put('left', given.claimId(10 * times.graceMs), pairOf(given));
    await given.time.advance(times.scanEveryMs - 2_000);
    expect(given.held('left')).to.have.lengthOf(1);
    await given.time.advance(3_000);
    expect(given.held('left')).to.deep.equal([]);
    await reconciler.stop();
  });

  it('drops newly stable claims also while a scan lets others finish before it compacts', async () => {
    const given = createCopies();
    for (const age of [2, 3].map((graces) => graces * times.graceMs)) {
      const claim = given.claimId(age);
      for (const side of sides) given.put(side, claim, pairOf(given));
    }
    const reconciler = given.reconciler();
    reconciler.start();
    await given.time.advance(1_000);
    // it becomes stable just after the claims that the scan has compared
    const half = given.claimId(times.graceMs - 2_000);
    given.put('right', half, pairOf(given));
    await given.time.advance(2 * times.compareEveryMs);
    expect(given.noted.scans).to.deep.equal([]);
    expect(given.held('right')).to.have.lengthOf(2).and.not.include(half);
    await reconciler.stop();
  });

  it('is not held up by its rests if steps take long', async () => {
    const given = createCopies();
    given.put('right', given.claimId(2 * times.graceMs), pairOf(given));
    given.network.latencyMs = 0.9 * times.callMs;
    const reconciler = given.reconciler();
    reconciler.start();
    while (given.held('right').length > 0) await given.time.advance(100);
    // eight calls, one after the other, and a rest
    expect(given.time.now()).to.be.at.most(8 * given.network.latencyMs + times.compareEveryMs + 1_000);
    await reconciler.stop();
  });

  it('goes on after an owner service was silent for a while', async () => {
    const given = createCopies();
    const reconciler = given.reconciler();
    given.silent.add('right');
    reconciler.start();
    await given.time.advance(10 * times.scanEveryMs);
    expect(given.noted.scans.map(({ outcome }) => outcome))
      .to.include('unanswered')
      .and.not.include('reconciled');
    given.silent.clear();
    await given.time.advance(2 * times.scanEveryMs);
    expect(given.noted.scans.at(-1)!.outcome).to.equal('reconciled');
    await reconciler.stop();
  });

  it('drops no newly stable claims while its guard is tripped, nor more of them than a scan may', async () => {
    const given = createCopies({ slice: 500, list: 100 });
    const reconciler = given.reconciler();
    reconciler.start();
    await given.time.advance(1_000);
    // the other copy has lost, or never had, the latest claims
    for (let i = 0; i < 1_500; i++) given.put('right', given.claimId(times.graceMs - 3_000), pairOf(given));
    await given.time.advance(10 * times.scanEveryMs);
    expect(given.held('right')).to.have.lengthOf(1_500);
    expect(given.noted.scans.at(-1)).to.include({ outcome: 'tripped' });
    expect(given.noted.failures).to.deep.equal([]);
    await reconciler.stop();
  });

  it('stops at once, whatever it is doing', async () => {
    for (const after of [0, 1_000, times.scanEveryMs]) {
      const given = createCopies();
      const reconciler = given.reconciler();
      reconciler.start();
      await given.time.advance(after);
      await given.finish(reconciler.stop());
      const calls = { ...given.calls };
      await given.time.advance(10 * times.scanEveryMs);
      expect(given.calls).to.deep.equal(calls);
    }
  });

  for (const [what, operation, list, before] of [
    ['drops many claims', 'dropClaims', 256, 0],
    // a scan begins by looking for the first claim of each copy
    ['looks for differences of the copies', 'listClaims', 4, 2],
  ] as const)
    it(`stops between two steps, also while it ${what}`, async () => {
      const given = createCopies({ slice: 2_000, list, lefts: 50, rights: 40 });
      for (const left of given.ids.left)
        for (const right of given.ids.right.slice(0, 20))
          given.put('right', given.claimId(2 * times.graceMs), { left, right });
      given.network.latencyMs = 200;
      const reconciler = given.reconciler();
      reconciler.start();
      while ((given.calls[operation] ?? 0) <= before) await given.time.advance(100);
      const asked = given.time.now();
      await given.finish(reconciler.stop());
      expect(given.time.now() - asked).to.be.below(2_500);
      expect(given.held('right').length).to.be.above(0);
    });
});
