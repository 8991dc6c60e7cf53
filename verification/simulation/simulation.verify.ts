import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { allFaults } from 'many-to-many/testing';
import { simulateAttendance } from './attendance.ts';
import { simulateHistories } from './simulateHistories.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 32));
const histories = Number(process.env.HISTORIES || 2500);

describe('the simulation of attendance', function () {
  // shrinking a broken history may take long
  this.timeout(0);

  it(`keeps every promise in ${histories} histories with faults (SEED=${seed})`, async () => {
    const { observed, struck, executed } = await simulateHistories(seed, histories);
    // the test proves nothing unless all outcomes and faults occur
    for (const frequent of [
      'add done',
      'remove done',
      'remove absent',
      'read present',
      'read absent',
      'read missing',
      'list by left present',
      'list by left absent',
      'list by right present',
      'list by right absent',
      'list by conference present',
      'list by conference absent',
    ])
      expect(observed[frequent], frequent).to.be.above(histories / 5);
    for (const rare of [
      'add unknown',
      'add refused',
      'add missing',
      'remove unknown',
      'delete done',
      'delete unknown',
      'list by left missing',
      'list by right missing',
    ])
      expect(observed[rare], rare).to.be.above(histories / 200);
    for (const fault of allFaults) expect(struck[fault], fault).to.be.above(histories / 200);
    for (const outcome of [
      ...['accepted', 'limit_reached', 'entity_locked', 'expired', 'entity_not_found'].map(
        (outcome) => `insertClaims ${outcome}`,
      ),
      ...['retired', 'entity_locked', 'expired'].map((outcome) => `retireClaims ${outcome}`),
      ...['dropped', 'absent'].map((outcome) => `dropClaims ${outcome}`),
    ])
      expect(executed[outcome], outcome).to.be.above(histories / 500);
  });

  for (const reconcilersRun of [false, true])
    it(`repeats the same events for the same seed${reconcilersRun ? ', while reconcilers run' : ''}`, async () => {
      const { plan } = await simulateAttendance({ seed });
      const events = async () => {
        const events: string[] = [];
        await simulateAttendance({ seed, plan: { ...plan, reconcilersRun }, trace: (event) => events.push(event) });
        return events;
      };
      expect(await events()).to.deep.equal(await events());
    });
});
