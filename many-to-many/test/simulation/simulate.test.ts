import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { defineRelation, type IdKind } from '../../src/index.ts';
import { allFaults, explain, seedOf, simulate, type Plan } from '../../src/testing/index.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 32));
const histories = 25;

const kinds: [IdKind, IdKind][] = [
  ['uuid', 'uuid'],
  ['bigint', 'text'],
  ['text', 'bigint'],
];

/** The simulation does not need entities that match this schema. */
const entity = z.object({ id: z.string(), title: z.string() });

function relationOf(left: IdKind, right: IdKind) {
  return defineRelation({
    name: 'enrolment',
    left: { name: 'course', id: left, entity },
    right: { name: 'student', id: right, entity },
  });
}

describe('a simulation of any relation', function () {
  for (const [left, right] of kinds)
    it(`keeps every promise with ids of ${left} and ${right} in ${histories} histories (SEED=${seed})`, async function () {
      const relation = relationOf(left, right);
      for (let i = 0; i < histories; i++) {
        const options = { seed: seedOf(seed, i), relation };
        const { faults } = await simulate(options);
        if (faults.length === 0) continue;
        // shrinking a broken history may take long
        this.timeout(0);
        throw new Error(await explain(options, `SEED=${options.seed}`));
      }
    });

  it('lists pairs in the order of ids of any kind, also across pages of the copies', async () => {
    const half = { left: 1, right: 0 };
    const plan: Plan = {
      ...{ left: 1, right: 3, gateways: 1, slots: 4, sizes: { slice: 9, list: 9 }, mayDrop: 1000 },
      emptied: null,
      ...{ reconciledFirst: false, reconcilersRun: false },
      earlier: [0, 1, 2].map((right) => ({
        ...{ left: 0, right, age: 0 },
        ...(right === 0 ? { shared: 0, half } : { shared: 1, half: { left: 0, right: 0 } }),
      })),
      clients: [[{ pause: 0, gateway: 0, do: 'list', by: 'left', index: 0, limit: 1 }]],
    };
    for (const [left, right] of kinds)
      for (let i = 0; i < histories; i++) {
        const options = { seed: seedOf(seed, i), relation: relationOf(left, right), plan, without: new Set(allFaults) };
        expect((await simulate(options)).faults, `SEED=${options.seed}`).to.deep.equal([]);
      }
  });

  it('observes all outcomes in lists by left and by right', async () => {
    const relation = relationOf('bigint', 'text');
    const observed = new Set<string>();
    for (let i = 0; i < histories; i++)
      for (const { list, outcome } of (await simulate({ seed: i, relation })).histories.flat())
        if (list) observed.add(`${list} ${outcome}`);
    expect([...observed].sort()).to.deep.equal([
      ...['left absent', 'left missing', 'left present'],
      ...['right absent', 'right missing', 'right present'],
    ]);
  });
});
