import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { readCopies, waitUntilReconciled } from '../../verification/chaos/copies.ts';
import { reconcilingTakes } from '../../verification/chaos/reconciling.ts';
import { askCopy, rolledOut, services } from './support/cluster.ts';

const within = reconcilingTakes(createTimes());

describe('the copies, after the previous parts', function () {
  this.timeout(within + 60_000);

  it('become equal, with one claim of each pair', async () => {
    await rolledOut(...services);
    const { took, violations } = await waitUntilReconciled(askCopy, { since: performance.now(), within });
    expect(violations).to.be.empty;
    const { visible } = await readCopies(askCopy);
    process.stdout.write(`      ${visible.size} claims, after ${Math.round(took! / 1_000)} s\n`);
    expect(visible.size).to.be.above(0);
  });
});
