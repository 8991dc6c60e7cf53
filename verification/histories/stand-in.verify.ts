import { expect } from 'chai';
import { runHistories, type HistoriesOptions, type History } from './histories.ts';
import { createRandom } from 'many-to-many/testing';
import { atomicRelation, brokenRelation, type AddBug, type Relation } from './relations.ts';
import { checkHistories, violationsOf } from './report.ts';
import { startStandIn, type ListBug } from './stand-in.ts';

interface RunOptions extends Pick<HistoriesOptions, 'histories' | 'signal' | 'onHistory'> {
  listBug?: ListBug;
}

async function runAndCheck(relation: Relation, { listBug, ...options }: RunOptions) {
  const { gateway, stop } = await startStandIn(relation, listBug && { listBug });
  try {
    return checkHistories(await runHistories({ gateways: [gateway], seed: 1, ...options }));
  } finally {
    await stop();
  }
}

/** Runs histories until one has a violation. Which one that is depends on scheduling. */
async function runUntilViolation(relation: Relation, listBug?: ListBug) {
  const found = new AbortController();
  const onHistory = (history: History) => {
    if (violationsOf(history).length > 0) found.abort();
  };
  const options = { histories: 10_000, signal: found.signal, onHistory };
  return runAndCheck(relation, listBug ? { ...options, listBug } : options);
}

describe('random histories at a stand-in for the gateway', function () {
  this.timeout(60_000);

  it('have no violation if the relation is atomic, also with answers of 504', async () => {
    const { violations, outcomes } = await runAndCheck(atomicRelation(createRandom(1)), { histories: 100 });
    expect(violations).to.deep.equal([]);
    for (const observed of ['add done', 'add unknown', 'remove done', 'remove absent', 'read present', 'read absent'])
      expect(outcomes[observed], observed).to.be.above(0);
    expect(outcomes['delete done'], 'delete done').to.be.above(0);
    expect(outcomes['read missing'], 'read missing').to.be.above(0);
  });

  it('have no violation if the relation has two copies without a bug', async () => {
    const { violations } = await runAndCheck(brokenRelation(createRandom(1)), { histories: 100 });
    expect(violations).to.deep.equal([]);
  });

  const addBugs: AddBug[] = ['crashes between the inserts', 'rolls back by pair', 'takes effect after a refusal'];
  for (const bug of addBugs)
    it(`have a violation if an add ${bug}`, async () => {
      const { violations } = await runUntilViolation(brokenRelation(createRandom(1), bug));
      expect(violations).to.not.be.empty;
      expect(violations[0]).to.match(/^seed 1, history \d+: process \d+: no order explains .*\n.*\|/);
    });

  it('have a violation if the remove of an absent pair is answered 204', async () => {
    const atomic = atomicRelation(createRandom(1));
    const remove = async (pair: string) => {
      const status = await atomic.remove(pair);
      return status === 404 ? 204 : status;
    };
    const { violations } = await runUntilViolation({ ...atomic, remove });
    expect(violations[0]).to.match(/no order explains remove done/);
  });

  // the reported operation may be one after the wrong list
  const notLinearizable = /process \d+: no order explains (add|read|remove) /;
  const listBugs: Record<ListBug, RegExp> = {
    'skips a pair between two pages': notLinearizable,
    'repeats the last pair of a page': /the list has (\S+) after \1$/,
    'has a pair that was removed': notLinearizable,
  };
  for (const [bug, violation] of Object.entries(listBugs))
    it(`have a violation if a list ${bug}`, async () => {
      const { violations } = await runUntilViolation(atomicRelation(createRandom(1)), bug as ListBug);
      expect(violations[0])
        .to.match(/^seed 1, history \d+: /)
        .and.match(violation);
    });

  it('have a violation if a remove is answered 500', async () => {
    const relation = { ...atomicRelation(createRandom(1)), remove: () => Promise.resolve(500 as 404) };
    const { violations } = await runAndCheck(relation, { histories: 10 });
    expect(violations.join()).to.contain('remove answered 500');
  });
});
