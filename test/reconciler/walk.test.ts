import { expect } from 'chai';
import { tooMany } from '@attendance/gateway-service/protocol/reconciler/guard';
import { createMemory, times, type Side } from './memory.ts';

type Memory = ReturnType<typeof createMemory>;

const old = 2 * times.grace;

/** Puts so many claims into the copies, each of a pair of its own as far as there are pairs. */
function fill(memory: Memory, count: number, sides: Side[], age = old): string[] {
  const { events, authors } = memory.ids;
  return Array.from({ length: count }, (_, i) => {
    const id = memory.claimId(age + i);
    const author = authors[i % authors.length]!;
    const event = events[Math.floor(i / authors.length) % events.length]!;
    for (const side of sides) memory.put(side, id, { event, author });
    return id;
  }).sort();
}

const both: Side[] = ['author', 'conference'];

describe('a walk of the reconciler', () => {
  it('costs two digests for a slice where the copies agree', async () => {
    const memory = createMemory({ slice: 100, list: 10, events: 40, authors: 50 });
    fill(memory, 2_000, both);
    const report = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    expect(report).to.include({ outcome: 'reconciled', claims: 2_000, half: 0, oldest: null });
    // each slice is one batch at each owner; the lists look for the first claim
    expect(memory.calls).to.include({ digestClaims: 2 * 20, listClaims: 2 });
    expect(memory.calls).to.not.have.any.keys('readClaims', 'dropClaims');
  });

  it('lists and reads in proportion to the differences', async () => {
    const memory = createMemory({ slice: 1_000, list: 8, events: 100, authors: 100 });
    fill(memory, 10_000, both);
    const [half] = fill(memory, 1, ['author'], old + 5_000);
    const report = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    expect(report).to.deep.include({ half: 1, oldest: null, dropped: { half: 1, entity_deleted: 0, surplus: 0 } });
    expect(memory.told.dropped.map(({ claim_id }) => claim_id)).to.deep.equal([half]);
    expect(memory.calls['digestClaims']).to.be.below(2 * 10 + 2 * 10);
    expect(memory.calls).to.include({ listClaims: 4, readClaims: 2, dropClaims: 1 });
  });

  it('says of what reason each claim is dropped', async () => {
    const memory = createMemory();
    const [event, gone] = memory.ids.events as [string, string];
    const author = memory.ids.authors[0]!;
    memory.put('author', memory.claimId(old), { event, author });
    memory.put('author', memory.claimId(old + 1), { event: gone, author });
    memory.copies.conference.entities.delete(gone);
    for (const surplus of [2, 3, 4].map((more) => memory.claimId(old + more)))
      for (const side of both) memory.put(side, surplus, { event, author });
    const dry = await memory.finish(memory.reconciler().run({ mode: 'dry run' }));
    expect(dry.dropped).to.deep.equal({ half: 1, entity_deleted: 1, surplus: 4 });
    expect(memory.held('author')).to.have.lengthOf(5);
    const { dropped } = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    expect(dropped).to.deep.equal(dry.dropped);
    const reasons = memory.told.dropped.map(({ copy, reason }) => `${reason} in ${copy}`);
    expect(reasons.sort()).to.deep.equal([
      'entity_deleted in author',
      'half in author',
      ...['surplus in author', 'surplus in author', 'surplus in conference', 'surplus in conference'],
    ]);
  });

  it('reads what it compacts only when whatever had begun before is over, and does not wait for nothing', async () => {
    const memory = createMemory();
    fill(memory, 3, ['author']);
    const began = memory.time.now();
    await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
    const longest = times.expiry + times.skew + times.public;
    expect(memory.time.now() - began).to.be.below(longest);

    const [event, author] = [memory.ids.events[0]!, memory.ids.authors[0]!];
    const claims = [1, 2].map((more) => memory.claimId(old + more));
    for (const claim of claims) for (const side of both) memory.put(side, claim, { event, author });
    memory.calls['readClaims'] = 0;
    const running = memory.reconciler().run({ mode: 'guarded' });
    await memory.time.advance(longest - 1);
    expect(memory.calls).to.include({ readClaims: 0 });
    await memory.finish(running);
    expect(memory.held('author')).to.have.lengthOf(1);
  });

  it('asks again where an owner does not answer, and gives up in the end', async () => {
    const memory = createMemory();
    fill(memory, 5, both);
    memory.silent.add('conference');
    const walk = memory.reconciler().run({ mode: 'guarded' });
    await memory.time.advance(2 * times.compare);
    memory.silent.clear();
    expect(await memory.finish(walk)).to.include({ outcome: 'reconciled', claims: 5 });
    memory.silent.add('author');
    expect(await memory.finish(memory.reconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'unanswered' });
  });

  describe('is stopped', () => {
    it('by an empty peer: nothing is dropped, in whichever copy', async () => {
      for (const side of both) {
        const memory = createMemory({ slice: 500, list: 100, events: 40, authors: 40 });
        const ids = fill(memory, 1_500, [side]);
        for (let i = 0; i < 3; i++) {
          const report = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
          expect(report).to.include({ outcome: 'stopped', reason: '1500 of 1500 claims are in one copy only' });
        }
        expect(memory.held(side)).to.deep.equal(ids);
        expect(memory.calls).to.not.have.any.keys('dropClaims');
      }
    });

    it('by more half claims than 1,000 and than one in a hundred, and by neither alone', async () => {
      const walkOver = async (half: number) => {
        const memory = createMemory({ slice: 10_000, list: 1_000, events: 40, authors: 40 });
        fill(memory, half, ['author']);
        return (await memory.finish(memory.reconciler().run({ mode: 'guarded' }))).outcome;
      };
      expect(await walkOver(1_000)).to.equal('reconciled');
      expect(await walkOver(1_001)).to.equal('stopped');
      expect(tooMany({ half: 10_000, claims: 1_000_000 })).to.equal(null);
      expect(tooMany({ half: 10_001, claims: 1_000_000 })).to.equal('10001 of 1000000 claims are in one copy only');
      expect(tooMany({ half: 100_001, claims: 1e9 })).to.equal('more than 100000 claims are in one copy only');
    });

    it('by another database than the one it was introduced to, until a person accepts it', async () => {
      for (const side of both) {
        const memory = createMemory();
        const kept = fill(memory, 4, both);
        expect(await memory.finish(memory.reconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'reconciled' });
        const half = fill(memory, 2, [side === 'author' ? 'conference' : 'author'], old + 10);
        // a database that was set up anew
        memory.copies[side].identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
        const report = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
        expect(report.outcome).to.equal('stopped');
        expect(report.reason).to.match(/database knows .*, not /);
        expect(memory.copies[side].identity.peer).to.equal(null);
        const dry = await memory.finish(memory.reconciler().run({ mode: 'dry run' }));
        expect(dry).to.deep.include({ outcome: 'stopped', reason: report.reason, half: 2 });
        expect(memory.held(side === 'author' ? 'conference' : 'author')).to.include.members(half);

        expect(await memory.finish(memory.reconciler().run({ mode: 'accept' }))).to.include({ outcome: 'reconciled' });
        for (const each of both) expect(memory.held(each)).to.deep.equal(kept);
        expect(await memory.finish(memory.reconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'reconciled' });
      }
    });

    it('where both services use one database, whatever a person accepts', async () => {
      const memory = createMemory();
      memory.copies.author.identity.database = memory.copies.conference.identity.database;
      for (const mode of ['guarded', 'accept'] as const)
        expect(await memory.finish(memory.reconciler().run({ mode }))).to.include({
          outcome: 'wrong_database',
          reason: 'both services use the same database',
        });
    });

    it('by a database that is exchanged while it walks', async () => {
      const memory = createMemory({ slice: 2, list: 1 });
      fill(memory, 6, ['author']);
      const walk = memory.reconciler().run({
        mode: 'guarded',
        onProgress: () => {
          memory.copies.conference.identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
        },
      });
      expect(await memory.finish(walk)).to.include({
        outcome: 'wrong_database',
        reason: 'a database was exchanged meanwhile',
      });
      expect(memory.held('author')).to.have.lengthOf(6);
    });

    it('by another database that answers beside the right one, as pods of two versions may', async () => {
      for (const operations of [['digestClaims', 'listClaims', 'readClaims'], ['readClaims'], ['dropClaims']]) {
        const memory = createMemory({ slice: 500, list: 100, events: 40, authors: 40 });
        const kept = fill(memory, 800, both);
        // so that there is something to drop in the conference copy
        const half = fill(memory, 2, ['conference'], old + 2_000);
        for (const operation of operations) memory.elsewhere.add(operation);
        const report = await memory.finish(memory.reconciler().run({ mode: 'guarded' }));
        expect(report.outcome).to.equal('wrong_database');
        expect(memory.held('author')).to.deep.equal(kept);
        expect(memory.held('conference')).to.deep.equal([...kept, ...half].sort());
      }
    });
  });

  it('tells what was dropped from one copy although the other one does not answer any more', async () => {
    const memory = createMemory({ slice: 50, list: 50, events: 10, authors: 10 });
    fill(memory, 5, ['author']);
    fill(memory, 5, ['conference'], old + 50);
    memory.silent.add('conference dropClaims');
    expect(await memory.finish(memory.reconciler().run({ mode: 'guarded' }))).to.deep.include({
      outcome: 'unanswered',
      dropped: { half: 5, entity_deleted: 0, surplus: 0 },
    });
    expect(memory.told.dropped.map(({ copy }) => copy)).to.deep.equal(Array.from({ length: 5 }, () => 'author'));
    expect(memory.held('author')).to.deep.equal([]);
  });

  it('gets to its end however much differs and however slow the owners are', async () => {
    const memory = createMemory({ slice: 10_000, list: 256, events: 100, authors: 100 });
    fill(memory, 10_000, ['author']);
    memory.network.latency = 400;
    const report = await memory.finish(memory.reconciler().run({ mode: 'accept' }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 10_000 });
    expect(memory.held('author')).to.deep.equal([]);
  }).timeout(20_000);

  it('drops whatever it is when a person accepts it', async () => {
    const memory = createMemory({ slice: 500, list: 100, events: 40, authors: 40 });
    fill(memory, 1_500, ['conference']);
    const kept = fill(memory, 10, both, old + 2_000);
    const dry = await memory.finish(memory.reconciler().run({ mode: 'dry run' }));
    expect(dry).to.include({ outcome: 'stopped', half: 1_500 });
    const report = await memory.finish(memory.reconciler().run({ mode: 'accept' }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 1_500 });
    expect(report.dropped).to.deep.equal(dry.dropped);
    // the ten are of pairs that had a claim in one copy only
    expect(memory.held('conference')).to.deep.equal(kept);
  });
});
