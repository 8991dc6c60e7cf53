import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { allFaults } from './faults.ts';
import { search } from './search.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 32));
const histories = Number(process.env.HISTORIES ?? 2500);

describe('the protocol in simulation', function () {
  // to make a broken history small takes as long as it takes
  this.timeout(0);

  it(`keeps every promise in ${histories} histories with faults (SEED=${seed})`, async () => {
    const { told, struck, executed } = await search(seed, histories);
    // where nothing happens, no promise is broken; a read is of one pair
    for (const often of [
      'add done',
      'remove done',
      'remove absent',
      'read present',
      'read absent',
      'read missing',
      'list by event present',
      'list by event absent',
      'list by author present',
      'list by author absent',
      'list by conference present',
      'list by conference absent',
    ])
      expect(told[often], often).to.be.above(histories / 5);
    for (const seldom of [
      'add unknown',
      'add refused',
      'add missing',
      'remove unknown',
      'delete done',
      'delete unknown',
      'list by event missing',
      'list by author missing',
    ])
      expect(told[seldom], seldom).to.be.above(histories / 200);
    for (const fault of allFaults) expect(struck[fault], fault).to.be.above(histories / 200);
    for (const outcome of [
      ...['taken', 'full', 'busy', 'expired', 'unknown_owner'].map((outcome) => `insertClaims ${outcome}`),
      ...['retired', 'busy', 'expired'].map((outcome) => `retireClaims ${outcome}`),
      ...['dropped', 'absent'].map((outcome) => `dropClaims ${outcome}`),
    ])
      expect(executed[outcome], outcome).to.be.above(histories / 500);
  });
});
