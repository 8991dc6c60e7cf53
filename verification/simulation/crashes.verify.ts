import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { allFaults, seedOf, type Earlier, type Plan, type Step } from 'many-to-many/testing';
import { simulateAttendance } from './attendance.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 32));

/** The number of schedules for each crash. */
const schedules = 3;

const pair = { gateway: 0, left: 0, right: 0, pause: 0 };
const add: Step = { ...pair, do: 'add' };
const remove: Step = { ...pair, do: 'remove' };
const reconcile: Step = { ...pair, do: 'reconcile' };
/** Half and surplus claims that are stable before the reconciler runs. */
const stableClaims: Earlier = { left: 0, right: 0, shared: 3, half: { left: 1, right: 2 }, age: 0 };

const operations: Record<string, { earlier?: Earlier[]; clients: Step[][] }> = {
  'an add': { clients: [[add]] },
  'an add that shares its pair with another': { clients: [[add], [{ ...add, pause: 2 }]] },
  'a remove': { clients: [[add, remove]] },
  'a remove beside an add': { clients: [[add, remove], [add]] },
  reads: {
    clients: [
      [
        add,
        { ...pair, do: 'read' },
        { ...pair, do: 'list', by: 'left', index: 0, limit: 1 },
        { ...pair, do: 'list', by: 'right', index: 0, limit: 1 },
        { ...pair, do: 'list', by: 'conference', index: 0, limit: 1 },
      ],
    ],
  },
  'a reconciler': { earlier: [stableClaims], clients: [[{ ...reconcile, pause: 400_000 }]] },
  'a reconciler beside an add and a remove': {
    earlier: [stableClaims],
    clients: [[{ ...reconcile, pause: 400_000 }], [{ ...remove, pause: 400_000 }, add, { ...add, pause: 40_000 }]],
  },
};

/** A crash after each event is the only fault here. Other histories have random crashes among other faults. */
describe(`a gateway may crash at any await (SEED=${seed})`, function () {
  this.timeout(300_000);

  for (const [operation, { earlier = [], clients }] of Object.entries(operations))
    it(`during ${operation}`, async () => {
      const plan: Plan = {
        ...{ left: 1, right: 1, gateways: 1, slots: 4, sizes: { slice: 2, list: 1 }, mayDrop: 1000 },
        emptied: null,
        ...{ reconciledFirst: false, reconcilersRun: false, earlier, clients },
      };
      for (let schedule = 0; schedule < schedules; schedule++) {
        const options = { seed: seedOf(seed, schedule), plan, without: new Set(allFaults) };
        let crashed = true;
        for (let crashAfter = 1; crashed; crashAfter++) {
          const { faults, crashes } = await simulateAttendance({ ...options, crashAfter });
          expect(faults, `seed ${options.seed}, after ${crashAfter} events`).to.deep.equal([]);
          crashed = crashes > 0;
        }
      }
    });
});
