import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { allFaults, seedOf } from 'many-to-many/testing';
import { explainAttendance, simulateAttendance } from './attendance.ts';
import { mutate } from './mutations/mutate.ts';
import { mutations } from './mutations/mutations.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 32));
const histories = Number(process.env.HISTORIES ?? 2500);

describe('the protocol in simulation', function () {
  this.timeout(300_000);

  it(`keeps every promise in ${histories} histories with faults (SEED=${seed})`, async function () {
    const observed: Record<string, number> = {};
    const struck: Record<string, number> = {};
    const executed: Record<string, number> = {};
    const count = (counts: Record<string, number>, name: string) => (counts[name] = (counts[name] ?? 0) + 1);
    for (let i = 0; i < histories; i++) {
      const options = { seed: seedOf(seed, i) };
      const simulated = await simulateAttendance(options);
      if (simulated.faults.length > 0) {
        // nobody knows how long it takes to make it small
        this.timeout(0);
        throw new Error(await explainAttendance(options, `npm run simulate -- --histories 1 --seed ${options.seed}`));
      }
      for (const { kind, outcome, list } of simulated.histories.flat())
        count(observed, `${list ? `list by ${list}` : kind} ${outcome}`);
      for (const fault of simulated.struck) count(struck, fault);
      for (const outcome of simulated.executed) count(executed, outcome);
    }
    // a simulation in which nothing happens breaks no promise; a `read` is of one pair
    for (const often of [
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
      expect(observed[often], often).to.be.above(histories / 5);
    for (const seldom of [
      'add unknown',
      'add refused',
      'add missing',
      'remove unknown',
      'delete done',
      'delete unknown',
      'list by left missing',
      'list by right missing',
    ])
      expect(observed[seldom], seldom).to.be.above(histories / 200);
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
    it(`is the same each time, for the same seed${reconcilersRun ? ', while reconcilers run' : ''}`, async () => {
      const { plan } = await simulateAttendance({ seed });
      const events = async () => {
        const events: string[] = [];
        await simulateAttendance({ seed, plan: { ...plan, reconcilersRun }, trace: (event) => events.push(event) });
        return events;
      };
      expect(await events()).to.deep.equal(await events());
    });

  for (const name of [
    'read one copy only',
    'answer 503 for a timeout',
    'a bare 503 taken for certain',
    'reconciler that restores instead of dropping',
  ])
    it(`notices: ${name}`, async () => {
      const mutation = mutations.find((mutation) => mutation.name === name);
      const mutant = await mutate(mutation!);
      for (let i = 0; i < 20_000; i++) {
        const { faults, threw } = await mutant.simulateAttendance({ seed: seedOf(seed, i) });
        expect(threw, faults.join('\n')).to.equal(false);
        if (faults.length > 0) return;
      }
      expect.fail('nothing was noticed');
    });
});
