import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { runHistories, type HistoriesOptions } from '../histories/histories.ts';
import type { Step } from '../histories/plan.ts';
import { createRandom } from 'many-to-many/testing';
import { atomicRelation } from '../histories/relations.ts';
import { startStandIn } from '../histories/stand-in.ts';
import { planClients } from './clients.ts';

describe('the plan of the clients', () => {
  const times = createTimes({ scale: 0.2 });
  const plan = planClients(times);
  const histories = Array.from({ length: 500 }, (_, seed) => plan(createRandom(seed)));
  const totalPause = (steps: Step[]) => steps.reduce((total, { pause }) => total + pause, 0);
  const lasting = histories.filter((clients) => clients.flat().length > 100);

  it('depends on the seed only', () => {
    expect(plan(createRandom(7))).to.deep.equal(histories[7]);
  });

  it('has a few histories that outlast the grace period and two scans, and many that end early', () => {
    expect(lasting).to.have.lengthOf.within(2, 20);
    for (const clients of lasting)
      expect(Math.min(...clients.map(totalPause))).to.be.above(times.graceMs + 2 * times.scanEveryMs);
    for (const clients of histories.filter((clients) => !lasting.includes(clients)))
      expect(Math.max(...clients.map(totalPause))).to.be.below(times.graceMs / 4);
  });

  it('has many adds and few removes in the lasting histories', () => {
    for (const clients of lasting) {
      const count = (kind: Step['do']) => clients.flat().filter((step) => step.do === kind).length;
      expect(count('add')).to.be.above(100);
      expect(count('remove')).to.be.within(1, 15);
    }
  });
});

describe('the steps of a history', () => {
  const list: Step = { do: 'list', by: 'conference', limit: 1, pause: 0 };
  const add: Step = { do: 'add', event: 0, author: 0, pause: 0 };
  const run = async (options: Partial<HistoriesOptions>) => {
    const { gateway, stop } = await startStandIn(atomicRelation(createRandom(1)));
    try {
      return await runHistories({ gateways: [gateway], histories: 1, parallel: 1, seed: 1, ...options });
    } finally {
      await stop();
    }
  };

  it('are counted once each, also a list of several pairs', async () => {
    const [history] = await run({ plan: () => [[add, list], [list]] });
    expect(history!.steps).to.equal(3);
    expect(history!.operations).to.have.lengthOf(9);
  });

  it('are left out after the end of the run, except for the first ones', async () => {
    const steps = Array.from({ length: 1_000 }, () => ({ ...add, pause: 10 }));
    const end = new AbortController();
    const plan = () => {
      setTimeout(() => end.abort(), 30);
      return [steps, steps.slice(0, 3)];
    };
    const [history] = await run({ plan, signal: end.signal });
    expect(history!.steps).to.be.within(8, 11);
    expect(history!.operations).to.have.lengthOf(history!.steps);
  });
});
