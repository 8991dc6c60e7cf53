import { expect } from 'chai';
import { tooMany } from '../../src/reconciler/guard.ts';
import type { SideName } from '../../src/relation.ts';
import { finalAfterMs } from '../../src/times.ts';
import { createCopies, sides, times } from './createCopies.ts';

type Copies = ReturnType<typeof createCopies>;

const old = 2 * times.graceMs;

/** Puts so many claims into copies, each of a pair of its own as far as there are pairs. */
function fill(given: Copies, count: number, into: readonly SideName[], age = old): string[] {
  return Array.from({ length: count }, (_, i) => {
    const id = given.claimId(age + i);
    const { ids } = given;
    const right = ids.right[i % ids.right.length]!;
    const left = ids.left[Math.floor(i / ids.right.length) % ids.left.length]!;
    for (const side of into) given.put(side, id, { left, right });
    return id;
  }).sort();
}

describe('a scan of the reconciler', () => {
  it('costs two digests for each slice on which the copies agree', async () => {
    const given = createCopies({ slice: 100, list: 10, lefts: 40, rights: 50 });
    fill(given, 2_000, sides);
    const report = await given.finish(given.reconciler().run({ mode: 'guarded' }));
    expect(report).to.include({ outcome: 'reconciled', claims: 2_000, half: 0, oldest: null });
    // each slice is one batch at each copy; the lists look for the first claim
    expect(given.calls).to.include({ digestClaims: 2 * 20, listClaims: 2 });
    expect(given.calls).to.not.have.any.keys('readClaims', 'dropClaims');
  });

  it('lists and reads in proportion to the differences', async () => {
    const given = createCopies({ slice: 1_000, list: 8, lefts: 100, rights: 100 });
    fill(given, 10_000, sides);
    const [half] = fill(given, 1, ['right'], old + 5_000);
    const report = await given.finish(given.reconciler().run({ mode: 'guarded' }));
    expect(report).to.deep.include({ half: 1, oldest: null, dropped: { half: 1, entity_deleted: 0, surplus: 0 } });
    expect(given.noted.dropped.map(({ claim_id }) => claim_id)).to.deep.equal([half]);
    expect(given.calls['digestClaims']).to.be.below(2 * 10 + 2 * 10);
    expect(given.calls).to.include({ listClaims: 4, readClaims: 2, dropClaims: 1 });
  });

  it('reports the reason for which each claim is dropped', async () => {
    const given = createCopies();
    const [left, gone] = given.ids.left as [string, string];
    const right = given.ids.right[0]!;
    given.put('right', given.claimId(old), { left, right });
    given.put('right', given.claimId(old + 1), { left: gone, right });
    given.copies.left.entities.delete(gone);
    for (const surplus of [2, 3, 4].map((more) => given.claimId(old + more)))
      for (const side of sides) given.put(side, surplus, { left, right });
    const dry = await given.finish(given.reconciler().run({ mode: 'dry run' }));
    expect(dry.dropped).to.deep.equal({ half: 1, entity_deleted: 1, surplus: 4 });
    expect(given.held('right')).to.have.lengthOf(5);
    const { dropped } = await given.finish(given.reconciler().run({ mode: 'guarded' }));
    expect(dropped).to.deep.equal(dry.dropped);
    const reasons = given.noted.dropped.map(({ copy, reason }) => `${reason} in ${copy}`);
    expect(reasons.sort()).to.deep.equal([
      'entity_deleted in right',
      'half in right',
      ...['surplus in left', 'surplus in left', 'surplus in right', 'surplus in right'],
    ]);
  });

  it('reads what it compacts only when all earlier operations are final, and waits only if it compacts', async () => {
    const given = createCopies();
    fill(given, 3, ['right']);
    const began = given.time.now();
    await given.finish(given.reconciler().run({ mode: 'guarded' }));
    const longest = finalAfterMs(times);
    expect(given.time.now() - began).to.be.below(longest);

    const [left, right] = [given.ids.left[0]!, given.ids.right[0]!];
    const claims = [1, 2].map((more) => given.claimId(old + more));
    for (const claim of claims) for (const side of sides) given.put(side, claim, { left, right });
    given.calls['readClaims'] = 0;
    const running = given.reconciler().run({ mode: 'guarded' });
    await given.time.advance(longest - 1);
    expect(given.calls).to.include({ readClaims: 0 });
    await given.finish(running);
    expect(given.held('right')).to.have.lengthOf(1);
  });

  it('asks again if an owner service does not answer, and gives up in the end', async () => {
    const given = createCopies();
    fill(given, 5, sides);
    given.silent.add('left');
    const scanning = given.reconciler().run({ mode: 'guarded' });
    await given.time.advance(2 * times.compareEveryMs);
    given.silent.clear();
    expect(await given.finish(scanning)).to.include({ outcome: 'reconciled', claims: 5 });
    given.silent.add('right');
    expect(await given.finish(given.reconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'unanswered' });
  });

  describe('is kept from dropping claims', () => {
    it('by an empty peer, on either side: nothing is dropped', async () => {
      for (const side of sides) {
        const given = createCopies({ slice: 500, list: 100, lefts: 40, rights: 40 });
        const ids = fill(given, 1_500, [side]);
        for (let i = 0; i < 3; i++) {
          const report = await given.finish(given.reconciler().run({ mode: 'guarded' }));
          expect(report).to.include({ outcome: 'tripped', reason: '1500 of 1500 claims are in one copy only' });
        }
        expect(given.held(side)).to.deep.equal(ids);
        expect(given.calls).to.not.have.any.keys('dropClaims');
      }
    });

    it('by more half claims than 1,000 and than one in a hundred, and by neither alone', async () => {
      const scanOver = async (half: number) => {
        const given = createCopies({ slice: 10_000, list: 1_000, lefts: 40, rights: 40 });
        fill(given, half, ['right']);
        return (await given.finish(given.reconciler().run({ mode: 'guarded' }))).outcome;
      };
      expect(await scanOver(1_000)).to.equal('reconciled');
      expect(await scanOver(1_001)).to.equal('tripped');
      expect(tooMany({ half: 10_000, claims: 1_000_000 })).to.equal(null);
      expect(tooMany({ half: 10_001, claims: 1_000_000 })).to.equal('10001 of 1000000 claims are in one copy only');
      expect(tooMany({ half: 100_001, claims: 1e9 })).to.equal('more than 100000 claims are in one copy only');
    });

    it('by another database than the one it was introduced to, until a person accepts it', async () => {
      for (const side of sides) {
        const given = createCopies();
        const kept = fill(given, 4, sides);
        expect(await given.finish(given.reconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'reconciled' });
        const half = fill(given, 2, [side === 'right' ? 'left' : 'right'], old + 10);
        // a database that was set up anew
        given.copies[side].identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
        const report = await given.finish(given.reconciler().run({ mode: 'guarded' }));
        expect(report.outcome).to.equal('tripped');
        expect(report.reason).to.match(/database remembers .*, not /);
        expect(given.copies[side].identity.peer).to.equal(null);
        const dry = await given.finish(given.reconciler().run({ mode: 'dry run' }));
        expect(dry).to.deep.include({ outcome: 'tripped', reason: report.reason, half: 2 });
        expect(given.held(side === 'right' ? 'left' : 'right')).to.include.members(half);

        expect(await given.finish(given.reconciler().run({ mode: 'accept' }))).to.include({ outcome: 'reconciled' });
        for (const each of sides) expect(given.held(each)).to.deep.equal(kept);
        expect(await given.finish(given.reconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'reconciled' });
      }
    });

    it('by two services that use one database, even if a person accepts', async () => {
      const given = createCopies();
      given.copies.right.identity.database = given.copies.left.identity.database;
      for (const mode of ['guarded', 'accept'] as const)
        expect(await given.finish(given.reconciler().run({ mode }))).to.include({
          outcome: 'wrong_database',
          reason: 'both services use the same database',
        });
    });

    it('by a database that is exchanged during the scan', async () => {
      const given = createCopies({ slice: 2, list: 1 });
      fill(given, 6, ['right']);
      const scanning = given.reconciler().run({
        mode: 'guarded',
        onProgress: () => {
          given.copies.left.identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
        },
      });
      expect(await given.finish(scanning)).to.include({
        outcome: 'wrong_database',
        reason: 'a database was exchanged meanwhile',
      });
      expect(given.held('right')).to.have.lengthOf(6);
    });

    it('by another database that answers beside the right one, as with pods of two versions', async () => {
      for (const operations of [['digestClaims', 'listClaims', 'readClaims'], ['readClaims'], ['dropClaims']]) {
        const given = createCopies({ slice: 500, list: 100, lefts: 40, rights: 40 });
        const kept = fill(given, 800, sides);
        // so that there is something to drop in the left copy
        const half = fill(given, 2, ['left'], old + 2_000);
        for (const operation of operations) given.elsewhere.add(operation);
        const report = await given.finish(given.reconciler().run({ mode: 'guarded' }));
        expect(report.outcome).to.equal('wrong_database');
        expect(given.held('right')).to.deep.equal(kept);
        expect(given.held('left')).to.deep.equal([...kept, ...half].sort());
      }
    });
  });

  it('reports what was dropped from one copy although the other one no longer answers', async () => {
    const given = createCopies({ slice: 50, list: 50, lefts: 10, rights: 10 });
    fill(given, 5, ['right']);
    fill(given, 5, ['left'], old + 50);
    given.silent.add('left dropClaims');
    expect(await given.finish(given.reconciler().run({ mode: 'guarded' }))).to.deep.include({
      outcome: 'unanswered',
      dropped: { half: 5, entity_deleted: 0, surplus: 0 },
    });
    expect(given.noted.dropped.map(({ copy }) => copy)).to.deep.equal(Array.from({ length: 5 }, () => 'right'));
    expect(given.held('right')).to.deep.equal([]);
  });

  it('reaches its end however much differs and however slow the owner services are', async () => {
    const given = createCopies({ slice: 10_000, list: 256, lefts: 100, rights: 100 });
    fill(given, 10_000, ['right']);
    given.network.latencyMs = 400;
    const report = await given.finish(given.reconciler().run({ mode: 'accept' }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 10_000 });
    expect(given.held('right')).to.deep.equal([]);
  });

  it('drops any number of claims if a person accepts it', async () => {
    const given = createCopies({ slice: 500, list: 100, lefts: 40, rights: 40 });
    fill(given, 1_500, ['left']);
    const kept = fill(given, 10, sides, old + 2_000);
    const dry = await given.finish(given.reconciler().run({ mode: 'dry run' }));
    expect(dry).to.include({ outcome: 'tripped', half: 1_500 });
    const report = await given.finish(given.reconciler().run({ mode: 'accept' }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 1_500 });
    expect(report.dropped).to.deep.equal(dry.dropped);
    // the ten are of pairs that had a claim in one copy only
    expect(given.held('left')).to.deep.equal(kept);
  });
});
