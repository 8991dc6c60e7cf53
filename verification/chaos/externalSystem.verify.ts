import { expect } from 'chai';
import { createRandom } from 'many-to-many/testing';
import { brokenRelation } from '../histories/relations.ts';
import { startStandIn } from '../histories/stand-in.ts';
import { startSystem } from '../../test/support/system.ts';
import { runOnExternalSystem } from './externalSystem.ts';
import { summary } from './summary.ts';

const options = { seconds: 3, seed: 1, parallel: 5 };

describe('a trial of an external system', () => {
  it('finds no violation if nothing fails', async () => {
    const timeScale = 0.2;
    const { gateway, stop } = await startSystem({ direct: true, environment: { TIME_SCALE: String(timeScale) } });
    try {
      const report = await runOnExternalSystem({ ...options, gateways: [gateway], timeScale });
      const text = summary(report);
      expect(report.violations, text).to.be.empty;
      expect(report.outcomes['add done'], text).to.be.above(0);
      expect(report.readAgain, text).to.equal(report.histories.length);
      expect(text).to.match(/the clients did \d+ operations[^]*every history is linearizable$/);
      expect(text).to.not.match(/faults|reconciler|databases/);
    } finally {
      await stop();
    }
  });

  it('finds a violation of a gateway with a bug', async () => {
    const { gateway, stop } = await startStandIn(brokenRelation(createRandom(1), 'rolls back by pair'));
    try {
      let violations: string[] = [];
      // the violation needs two concurrent clients, so one seed may not find it
      for (let seed = 1; seed <= 20 && violations.length === 0; seed += 1)
        ({ violations } = await runOnExternalSystem({ ...options, seed, gateways: [gateway], timeScale: 0.05 }));
      expect(violations.join('\n')).to.match(/no order explains/);
    } finally {
      await stop();
    }
  });
});
