import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { judgeCopies, waitUntilReconciled, type AskCopy, type Copies } from './copies.ts';
import { reconcilingTakes } from './reconciling.ts';

const look = (visible: Record<string, string>): Copies => ({
  visible: new Map(Object.entries(visible)),
  half: { author: 0, conference: 0 },
});

describe('two looks at the copies', () => {
  const before = look({ 'claim 1': 'E A', 'claim 2': 'E A', 'claim 3': 'E B' });

  it('may differ by what is to spare before the copies are reconciled', () => {
    const after = look({ 'claim 1': 'E A', 'claim 3': 'E B' });
    expect(judgeCopies(before, after, { reconciled: false })).to.be.empty;
    expect(judgeCopies(before, after, { reconciled: true })).to.deep.equal([
      'claim claim 2 of E A was lost though nothing was under way any more',
    ]);
  });

  it('never differ by a pair', () => {
    const after = look({ 'claim 1': 'E A', 'claim 4': 'F A' });
    expect(judgeCopies(before, after, { reconciled: false })).to.deep.equal([
      'E B was lost though nothing was under way any more',
      'F A appeared though nothing was under way any more',
    ]);
  });
});

describe('waiting until the copies are the same', () => {
  const row = (claim_id: string) => ({ claim_id, event_id: 'E', author_id: 'A' });
  const asking =
    (author: string[], conference: string[]): AskCopy =>
    (database) =>
      Promise.resolve((database === 'author' ? author : conference).map(row));
  const since = () => performance.now();

  it('tells how long it took', async () => {
    const { took, violations } = await waitUntilReconciled(asking(['1'], ['1']), { since: since(), within: 10_000 });
    expect(violations).to.be.empty;
    expect(took).to.be.within(0, 10_000);
  });

  it('is a violation if a claim stays half, or surplus', async () => {
    const half = await waitUntilReconciled(asking(['1', '2'], ['1']), { since: since(), within: 100 });
    expect(half.violations).to.deep.equal([
      '1 claims are in the author copy only 100 ms after all was quiet: more than the grace period, the current scan and the next',
    ]);
    const surplus = await waitUntilReconciled(asking(['1', '2'], ['1', '2']), { since: since(), within: 100 });
    expect(surplus.violations.join()).to.contain('1 claims are surplus');
    expect(surplus.took).to.be.null;
  });

  it('lasts for the grace period, the current scan and the next', () => {
    const times = createTimes();
    // each scan may have to let others finish before it compacts
    const waits = times.expiryMs + times.skewMs + times.requestMs;
    // beside the rest before a scan: the gateway's deadline, the scan before it, and itself
    expect(reconcilingTakes(times) - times.graceMs - times.scanEveryMs).to.be.within(2 * waits, 2 * waits + 15_000);
  });
});
