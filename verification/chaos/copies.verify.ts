import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { compareSnapshots, waitUntilReconciled, type QueryCopy, type Copies } from './copies.ts';
import { maxReconcileMs } from './reconciling.ts';

const snapshot = (visible: Record<string, string>): Copies => ({
  visible: new Map(Object.entries(visible)),
  half: { author: 0, conference: 0 },
});

describe('two snapshots of the copies', () => {
  const before = snapshot({ 'claim 1': 'E A', 'claim 2': 'E A', 'claim 3': 'E B' });

  it('may differ by surplus claims before the copies are reconciled', () => {
    const after = snapshot({ 'claim 1': 'E A', 'claim 3': 'E B' });
    expect(compareSnapshots(before, after, { reconciled: false })).to.be.empty;
    expect(compareSnapshots(before, after, { reconciled: true })).to.deep.equal([
      'claim claim 2 of E A was lost although all operations were final',
    ]);
  });

  it('may not differ by a pair', () => {
    const after = snapshot({ 'claim 1': 'E A', 'claim 4': 'F A' });
    expect(compareSnapshots(before, after, { reconciled: false })).to.deep.equal([
      'E B was lost although all operations were final',
      'F A appeared although all operations were final',
    ]);
  });
});

describe('waiting until the copies are equal', () => {
  const row = (claim_id: string) => ({ claim_id, event_id: 'E', author_id: 'A' });
  const queryOf =
    (author: string[], conference: string[]): QueryCopy =>
    (database) =>
      Promise.resolve((database === 'author' ? author : conference).map(row));
  const since = () => performance.now();

  it('returns the time until then', async () => {
    const { tookMs, violations } = await waitUntilReconciled(queryOf(['1'], ['1']), {
      since: since(),
      withinMs: 10_000,
    });
    expect(violations).to.be.empty;
    expect(tookMs).to.be.within(0, 10_000);
  });

  it('finds half and surplus claims that stay', async () => {
    const half = await waitUntilReconciled(queryOf(['1', '2'], ['1']), { since: since(), withinMs: 100 });
    expect(half.violations).to.deep.equal([
      '1 claims are in the author copy only 100 ms after the last operation: the grace period, the current scan and the next have ended',
    ]);
    const surplus = await waitUntilReconciled(queryOf(['1', '2'], ['1', '2']), { since: since(), withinMs: 100 });
    expect(surplus.violations.join()).to.contain('1 claims are surplus');
    expect(surplus.tookMs).to.be.null;
  });

  it('may take the grace period, the current scan and the next', () => {
    const times = createTimes();
    // each scan may wait for running operations before it compacts
    const waits = times.expiryMs + times.skewMs + times.requestMs;
    // the gateway's deadline and two scans, besides the rest before a scan
    expect(maxReconcileMs(times) - times.graceMs - times.scanEveryMs).to.be.within(2 * waits, 2 * waits + 15_000);
  });
});
