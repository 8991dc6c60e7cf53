import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { seedOf } from 'many-to-many/testing';
import { simulateAttendance } from './attendance.ts';
import { mutate } from './mutations/mutate.ts';
import { mutations } from './mutations/mutations.ts';
import { search } from './search.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 32));
/** `make verify` simulates more. */
const histories = 200;

describe('the protocol in simulation', function () {
  // shrinking a broken history may take long
  this.timeout(0);

  it(`keeps every promise in ${histories} histories with faults (SEED=${seed})`, async () => {
    await search(seed, histories);
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
    'a read asks one copy only',
    'a timeout is answered 503',
    'a bare 503 counts as certain',
    'the reconciler restores instead of dropping',
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
