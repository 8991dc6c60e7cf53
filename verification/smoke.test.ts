import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { useSharedSystem } from '../test/support/sharedSystem.ts';
import { longTimeouts, runHistories } from './histories/histories.ts';
import { checkHistories } from './histories/report.ts';
import { expectLinearizable } from './model/expectLinearizable.ts';
import { scenariosOfTwoOperations } from './model/scenarios.ts';
import { simulateHistories } from './simulation/simulateHistories.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));

/** Short runs of the searches, for `make test`. `make verify` runs longer searches. */
describe(`the promises of the relation (SEED=${seed})`, function () {
  // shrinking a broken history may take long
  this.timeout(0);
  const { system } = useSharedSystem();

  it(`are kept by the model in ${scenariosOfTwoOperations.length} scenarios of two operations`, () => {
    const states = scenariosOfTwoOperations.reduce((sum, scenario) => sum + expectLinearizable(scenario, null), 0);
    // an exploration of no states finds no broken history either
    expect(states).to.be.above(5_000);
  });

  it('are kept in 100 simulated histories with faults', async () => {
    await simulateHistories(seed, 100);
  });

  it('are kept by the running services in 30 histories of concurrent clients', async () => {
    const options = { gateways: [system.gateway], histories: 30, seed, ...longTimeouts };
    const { violations } = checkHistories(await runHistories(options));
    expect(violations, violations.join('\n\n')).to.be.empty;
  });
});
