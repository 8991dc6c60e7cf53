import { expect } from 'chai';
import { runHistories, type HistoriesOptions, type History } from './histories.ts';
import { createRandom } from './random.ts';
import { atomicRelation, brokenRelation, type Fault, type Relation } from './relations.ts';
import { reportOn, violationsOf, type HistoriesReport } from './report.ts';
import { startStandIn } from './stand-in.ts';

async function judge(
  relation: Relation,
  options: Pick<HistoriesOptions, 'histories' | 'signal' | 'onHistory'>,
): Promise<HistoriesReport> {
  const { gateway, stop } = await startStandIn(relation);
  try {
    return reportOn(await runHistories({ gateways: [gateway], seed: 1, ...options }));
  } finally {
    await stop();
  }
}

/** Runs histories until one is wrong: which one that is, and how soon it comes, is a matter of scheduling. */
async function judgeUntilCaught(relation: Relation): Promise<HistoriesReport> {
  const caught = new AbortController();
  const stopIfWrong = (history: History) => {
    if (violationsOf(history).length > 0) caught.abort();
  };
  return judge(relation, { histories: 10_000, signal: caught.signal, onHistory: stopIfWrong });
}

describe('runHistories, on a stand-in for the gateway', function () {
  this.timeout(60_000);

  it('finds nothing wrong with one that is right, its 504s included', async () => {
    const { violations, outcomes } = await judge(atomicRelation(createRandom(1)), { histories: 100 });
    expect(violations).to.deep.equal([]);
    for (const seen of ['add done', 'add unknown', 'remove done', 'remove absent', 'read present', 'read absent'])
      expect(outcomes[seen], seen).to.be.above(0);
    expect(outcomes['delete done'], 'delete done').to.be.above(0);
    expect(outcomes['read missing'], 'read missing').to.be.above(0);
  });

  it('finds nothing wrong with the one that is broken on purpose, as long as nothing fails', async () => {
    const { violations } = await judge(brokenRelation(createRandom(1)), { histories: 100 });
    expect(violations).to.deep.equal([]);
  });

  const faults: Fault[] = ['dies between the inserts', 'rolls back by pair', 'lands after it was refused'];
  for (const fault of faults)
    it(`catches one whose add ${fault}`, async () => {
      const { violations } = await judgeUntilCaught(brokenRelation(createRandom(1), fault));
      expect(violations).to.not.be.empty;
      expect(violations[0]).to.match(/^seed 1, history \d+: process \d+: no order explains .*\n.*\|/);
    });

  it('catches one that cannot tell what the contract promises', async () => {
    const relation = { ...atomicRelation(createRandom(1)), remove: () => Promise.resolve(500 as 404) };
    const { violations } = await judge(relation, { histories: 10 });
    expect(violations.join()).to.contain('remove answered 500');
  });
});
