import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { useSharedSystem } from '../test/support/sharedSystem.ts';
import { runHistories, unhurried } from './histories/histories.ts';
import { reportOn } from './histories/report.ts';
import { expectWhole } from './model/whole.ts';
import { tiny } from './model/scenarios.ts';
import { search } from './simulation/search.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));

/** Short runs of the searches, for `make test`. `make verify` searches further. */
describe(`the promises of the relation (SEED=${seed})`, function () {
  // a simulated history that breaks a promise is made small first, which may take long
  this.timeout(0);
  const { system } = useSharedSystem();

  it(`are kept by the model in ${tiny.length} scenarios of two operations`, () => {
    const states = tiny.reduce((sum, small) => sum + expectWhole(small, null), 0);
    // an exploration that stops at once breaks nothing either
    expect(states).to.be.above(5_000);
  });

  it('are kept in 100 simulated histories with faults', async () => {
    await search(seed, 100);
  });

  it('are kept by the running services in 50 histories of concurrent clients', async () => {
    const options = { gateways: [system.gateway], histories: 50, seed, ...unhurried };
    const { violations } = reportOn(await runHistories(options));
    expect(violations, violations.join('\n\n')).to.be.empty;
  });
});
