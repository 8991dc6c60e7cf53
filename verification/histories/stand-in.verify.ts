import { expect } from 'chai';
import { runHistories, type HistoriesOptions, type History } from './histories.ts';
import { createRandom } from 'many-to-many/testing';
import { atomicRelation, brokenRelation, type Fault, type Relation } from './relations.ts';
import { reportOn, violationsOf, type HistoriesReport } from './report.ts';
import { startStandIn, type ListFault } from './stand-in.ts';

interface JudgeOptions extends Pick<HistoriesOptions, 'histories' | 'signal' | 'onHistory'> {
  lists?: ListFault;
}

async function judge(relation: Relation, { lists, ...options }: JudgeOptions): Promise<HistoriesReport> {
  const { gateway, stop } = await startStandIn(relation, lists && { lists });
  try {
    return reportOn(await runHistories({ gateways: [gateway], seed: 1, ...options }));
  } finally {
    await stop();
  }
}

/** Runs histories until one is wrong: which one that is, and how soon it comes, is a matter of scheduling. */
async function judgeUntilCaught(relation: Relation, lists?: ListFault): Promise<HistoriesReport> {
  const caught = new AbortController();
  const stopIfWrong = (history: History) => {
    if (violationsOf(history).length > 0) caught.abort();
  };
  const options = { histories: 10_000, signal: caught.signal, onHistory: stopIfWrong };
  return judge(relation, lists ? { ...options, lists } : options);
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

  it('catches one whose remove says 204 of what is not there', async () => {
    const atomic = atomicRelation(createRandom(1));
    const remove = async (pair: string) => {
      const status = await atomic.remove(pair);
      return status === 404 ? 204 : status;
    };
    const { violations } = await judgeUntilCaught({ ...atomic, remove });
    expect(violations[0]).to.match(/no order explains remove done/);
  });

  // of which operation it says so is a matter of what else was under way: where a list lies, it may be the next
  const unexplained = /process \d+: no order explains (add|read|remove) /;
  const listFaults: Record<ListFault, RegExp> = {
    'skips a pair between two pages': unexplained,
    'tells the last pair of a page again': /the list has (\S+) after \1$/,
    'tells of a pair that was removed': unexplained,
  };
  for (const [fault, violation] of Object.entries(listFaults))
    it(`catches one whose list ${fault}`, async () => {
      const { violations } = await judgeUntilCaught(atomicRelation(createRandom(1)), fault as ListFault);
      expect(violations[0])
        .to.match(/^seed 1, history \d+: /)
        .and.match(violation);
    });

  it('catches one that cannot tell what the contract promises', async () => {
    const relation = { ...atomicRelation(createRandom(1)), remove: () => Promise.resolve(500 as 404) };
    const { violations } = await judge(relation, { histories: 10 });
    expect(violations.join()).to.contain('remove answered 500');
  });
});
