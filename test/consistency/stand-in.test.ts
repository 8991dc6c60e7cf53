import { expect } from 'chai';
import { runHistories } from './histories.ts';
import { createRandom } from './random.ts';
import { atomicRelation, brokenRelation, type Fault, type Relation } from './relations.ts';
import { reportOn, type HistoriesReport } from './report.ts';
import { startStandIn } from './stand-in.ts';

async function judge(relation: Relation, histories: number): Promise<HistoriesReport> {
  const { gateway, stop } = await startStandIn(relation);
  try {
    return reportOn(await runHistories({ gateways: [gateway], histories, seed: 1 }));
  } finally {
    await stop();
  }
}

describe('runHistories, on a stand-in for the gateway', function () {
  this.timeout(20_000);

  it('finds nothing wrong with one that is right, its 504s included', async () => {
    const { violations, outcomes } = await judge(atomicRelation(createRandom(1)), 100);
    expect(violations).to.deep.equal([]);
    for (const seen of ['add done', 'add unknown', 'remove done', 'remove absent', 'read present', 'read absent'])
      expect(outcomes[seen], seen).to.be.above(0);
    expect(outcomes['delete done'], 'delete done').to.be.above(0);
    expect(outcomes['read missing'], 'read missing').to.be.above(0);
  });

  it('finds nothing wrong with the one that is broken on purpose, as long as nothing fails', async () => {
    const { violations } = await judge(brokenRelation(createRandom(1)), 100);
    expect(violations).to.deep.equal([]);
  });

  const faults: Fault[] = ['dies between the inserts', 'rolls back by pair', 'lands after it was refused'];
  for (const fault of faults)
    it(`catches one whose add ${fault}`, async () => {
      const { violations } = await judge(brokenRelation(createRandom(1), fault), 200);
      expect(violations).to.not.be.empty;
      expect(violations[0]).to.match(/^seed 1, history \d+: process \d+: no order explains .*\n.*\|/);
    });

  it('catches one that cannot tell what the contract promises', async () => {
    const relation = { ...atomicRelation(createRandom(1)), remove: () => Promise.resolve(500 as 404) };
    const { violations } = await judge(relation, 10);
    expect(violations.join()).to.contain('remove answered 500');
  });
});
