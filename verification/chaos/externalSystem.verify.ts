import { expect } from 'chai';
import { createRandom } from 'many-to-many/testing';
import { brokenRelation } from '../histories/relations.ts';
import { startStandIn } from '../histories/stand-in.ts';
import { startSystem } from '../../test/support/system.ts';
import { runAttached } from './attached.ts';
import { summary } from './summary.ts';

const options = { seconds: 3, seed: 1, parallel: 5 };

describe('clients of a system that is there', () => {
  it('are told the truth by one in which nothing fails', async () => {
    const timeScale = 0.2;
    const { gateway, stop } = await startSystem({ direct: true, environment: { TIME_SCALE: String(timeScale) } });
    try {
      const report = await runAttached({ ...options, gateways: [gateway], timeScale });
      const whole = summary(report);
      expect(report.violations, whole).to.be.empty;
      expect(report.outcomes['add done'], whole).to.be.above(0);
      expect(report.readAgain, whole).to.equal(report.histories.length);
      expect(whole).to.match(/the clients did \d+ operations[^]*every answer was true$/);
      expect(whole).to.not.match(/faults|reconciler|databases/);
    } finally {
      await stop();
    }
  });

  it('catch a gateway that lies', async () => {
    const { gateway, stop } = await startStandIn(brokenRelation(createRandom(1), 'rolls back by pair'));
    try {
      let violations: string[] = [];
      // a lie takes two clients that meet; it is quiet at once, and needs no long times
      for (let seed = 1; seed <= 20 && violations.length === 0; seed += 1)
        ({ violations } = await runAttached({ ...options, seed, gateways: [gateway], timeScale: 0.05 }));
      expect(violations.join('\n')).to.match(/no order explains/);
    } finally {
      await stop();
    }
  });
});
