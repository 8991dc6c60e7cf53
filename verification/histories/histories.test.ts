import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { patient, useSystem } from '../../test/support/system.ts';
import { runHistories, unhurried } from './histories.ts';
import { reportOn } from './report.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
/** `make verify` runs more. */
const histories = 100;

describe('the attendance relation under concurrent clients', () => {
  const { system } = useSystem({ direct: true, environment: patient });

  it(`is a linearizable register per pair in ${histories} random histories (SEED=${seed})`, async () => {
    const { violations } = reportOn(await runHistories({ gateways: [system.gateway], histories, seed, ...unhurried }));
    expect(violations, violations.join('\n\n')).to.be.empty;
  });
});
