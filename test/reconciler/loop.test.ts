import { expect } from 'chai';
import { createMemory, times } from './memory.ts';

const pairOf = ({ ids }: ReturnType<typeof createMemory>) => ({ event: ids.events[0]!, author: ids.authors[0]! });

describe('the reconciler beside the requests', () => {
  it('drops a half claim a few seconds after it is settled, between two walks', async () => {
    const memory = createMemory();
    const reconciler = memory.reconciler();
    reconciler.start();
    await memory.time.advance(1_000);
    expect(memory.told.walks.map(({ outcome }) => outcome)).to.deep.equal(['reconciled']);
    // settled just after a walk
    memory.put('author', memory.claimId(times.grace - times.walk - 1_500), pairOf(memory));
    await memory.time.advance(times.walk + 2_000);
    const walks = memory.told.walks.length;
    await memory.time.advance(times.compare);
    expect(memory.held('author')).to.deep.equal([]);
    expect(memory.told.walks).to.have.lengthOf(walks);
    expect(memory.told.failures).to.deep.equal([]);
    await reconciler.stop();
  });

  it('finds in the next walk what only a walk can find', async () => {
    const memory = createMemory();
    const reconciler = memory.reconciler();
    reconciler.start();
    await memory.time.advance(1_000);
    memory.put('conference', memory.claimId(10 * times.grace), pairOf(memory));
    await memory.time.advance(times.walk - 2_000);
    expect(memory.held('conference')).to.have.lengthOf(1);
    await memory.time.advance(3_000);
    expect(memory.held('conference')).to.deep.equal([]);
    await reconciler.stop();
  });

  it('drops what is new also while a walk lets others finish before it compacts', async () => {
    const memory = createMemory();
    for (const age of [2, 3].map((graces) => graces * times.grace)) {
      const claim = memory.claimId(age);
      for (const side of ['author', 'conference'] as const) memory.put(side, claim, pairOf(memory));
    }
    const reconciler = memory.reconciler();
    reconciler.start();
    await memory.time.advance(1_000);
    // settled just after what the walk has compared
    const half = memory.claimId(times.grace - 2_000);
    memory.put('author', half, pairOf(memory));
    await memory.time.advance(2 * times.compare);
    expect(memory.told.walks).to.deep.equal([]);
    expect(memory.held('author')).to.have.lengthOf(2).and.not.include(half);
    await reconciler.stop();
  });

  it('is not held up by its rests where steps take long', async () => {
    const memory = createMemory();
    memory.put('author', memory.claimId(2 * times.grace), pairOf(memory));
    memory.network.latency = 0.9 * times.downstream;
    const reconciler = memory.reconciler();
    reconciler.start();
    while (memory.held('author').length > 0) await memory.time.advance(100);
    // eight calls, one after the other, and a rest
    expect(memory.time.now()).to.be.at.most(8 * memory.network.latency + times.compare + 1_000);
    await reconciler.stop();
  });

  it('goes on when an owner is silent for a while', async () => {
    const memory = createMemory();
    const reconciler = memory.reconciler();
    memory.silent.add('author');
    reconciler.start();
    await memory.time.advance(10 * times.walk);
    expect(memory.told.walks.map(({ outcome }) => outcome))
      .to.include('unanswered')
      .and.not.include('reconciled');
    memory.silent.clear();
    await memory.time.advance(2 * times.walk);
    expect(memory.told.walks.at(-1)!.outcome).to.equal('reconciled');
    await reconciler.stop();
  });

  it('drops no new claims while walks are stopped, nor more of them than a walk may', async () => {
    const memory = createMemory({ slice: 500, list: 100 });
    const reconciler = memory.reconciler();
    reconciler.start();
    await memory.time.advance(1_000);
    // the other copy has lost, or never had, what came in the last while
    for (let i = 0; i < 1_500; i++) memory.put('author', memory.claimId(times.grace - 3_000), pairOf(memory));
    await memory.time.advance(10 * times.walk);
    expect(memory.held('author')).to.have.lengthOf(1_500);
    expect(memory.told.walks.at(-1)).to.include({ outcome: 'stopped' });
    expect(memory.told.failures).to.deep.equal([]);
    await reconciler.stop();
  });

  it('stops at once, in whatever it is', async () => {
    for (const after of [0, 1_000, times.walk]) {
      const memory = createMemory();
      const reconciler = memory.reconciler();
      reconciler.start();
      await memory.time.advance(after);
      await memory.finish(reconciler.stop());
      const calls = { ...memory.calls };
      await memory.time.advance(10 * times.walk);
      expect(memory.calls).to.deep.equal(calls);
    }
  });

  for (const [what, operation, list, before] of [
    ['drops much', 'dropClaims', 256, 0],
    // a walk begins with a look for the first claim of each copy
    ['looks where the copies differ', 'listClaims', 4, 2],
  ] as const)
    it(`stops between two steps, also while it ${what}`, async () => {
      const memory = createMemory({ slice: 2_000, list, events: 50, authors: 40 });
      const { events, authors } = memory.ids;
      for (const event of events)
        for (const author of authors.slice(0, 20))
          memory.put('author', memory.claimId(2 * times.grace), { event, author });
      memory.network.latency = 200;
      const reconciler = memory.reconciler();
      reconciler.start();
      while ((memory.calls[operation] ?? 0) <= before) await memory.time.advance(100);
      const asked = memory.time.now();
      await memory.finish(reconciler.stop());
      expect(memory.time.now() - asked).to.be.below(2_500);
      expect(memory.held('author').length).to.be.above(0);
    });
});
