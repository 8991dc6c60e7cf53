import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { readCopies, waitUntilReconciled } from '../../verification/chaos/copies.ts';
import { maxReconcileMs } from '../../verification/chaos/reconciling.ts';
import { queryCopy, waitForRollout, services } from './support/cluster.ts';

const withinMs = maxReconcileMs(createTimes());

describe('the copies after the previous parts', function () {
  this.timeout(withinMs + 60_000);

  it('become equal, with one claim of each pair', async () => {
    await waitForRollout(...services);
    const { tookMs, violations } = await waitUntilReconciled(queryCopy, { since: performance.now(), withinMs });
    expect(violations).to.be.empty;
    const { visible } = await readCopies(queryCopy);
    process.stdout.write(`      ${visible.size} claims, after ${Math.round(tookMs! / 1_000)} s\n`);
    expect(visible.size).to.be.above(0);
  });
});
