import { expect } from 'chai';
import { tooMany } from '../../src/reconciler/guard.ts';
import type { SideName } from '../../src/relation.ts';
import { finalAfterMs } from '../../src/times.ts';
import { createCopies, sides, times } from './createCopies.ts';

type Setup = ReturnType<typeof createCopies>;

const stableAgeMs = 2 * times.graceMs;

/** Inserts claims into copies, of different pairs as far as there are entities. @returns their ids */
function fill(setup: Setup, count: number, into: readonly SideName[], age = stableAgeMs): string[] {
  return Array.from({ length: count }, (_, i) => {
    const id = setup.claimId(age + i);
    const { ids } = setup;
    const right = ids.right[i % ids.right.length]!;
    const left = ids.left[Math.floor(i / ids.right.length) % ids.left.length]!;
    for (const side of into) setup.insert(side, id, { left, right });
    return id;
  }).sort();
}

describe('a scan of the reconciler', () => {
  it('computes two digests for each slice on which the copies agree', async () => {
    const setup = createCopies({ slice: 100, list: 10, lefts: 40, rights: 50 });
    fill(setup, 2_000, sides);
    const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    expect(report).to.include({ outcome: 'reconciled', claims: 2_000, half: 0, oldest: null });
    // one batch for each slice at each copy; the lists find the first claims
    expect(setup.calls).to.include({ digestClaims: 2 * 20, listClaims: 2 });
    expect(setup.calls).to.not.have.any.keys('readClaims', 'dropClaims');
  });

  it('makes lists and reads in proportion to the differences', async () => {
    const setup = createCopies({ slice: 1_000, list: 8, lefts: 100, rights: 100 });
    fill(setup, 10_000, sides);
    const [half] = fill(setup, 1, ['right'], stableAgeMs + 5_000);
    const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    expect(report).to.deep.include({
      half: 1,
      oldest: null,
      dropped: { half: 1, entity_deleted: 0, entity_marked: 0, surplus: 0 },
    });
    expect(setup.recorded.dropped.map(({ claim_id }) => claim_id)).to.deep.equal([half]);
    expect(setup.calls['digestClaims']).to.be.below(2 * 10 + 2 * 10);
    expect(setup.calls).to.include({ listClaims: 4, readClaims: 2, dropClaims: 1 });
  });

  it('reports the reason for which each claim is dropped', async () => {
    const setup = createCopies();
    const [left, gone] = setup.ids.left as [string, string];
    const right = setup.ids.right[0]!;
    setup.insert('right', setup.claimId(stableAgeMs), { left, right });
    setup.insert('right', setup.claimId(stableAgeMs + 1), { left: gone, right });
    setup.copies.left.entities.delete(gone);
    for (const surplus of [2, 3, 4].map((more) => setup.claimId(stableAgeMs + more)))
      for (const side of sides) setup.insert(side, surplus, { left, right });
    const dry = await setup.finish(setup.createReconciler().run({ mode: 'dry run' }));
    expect(dry.dropped).to.deep.equal({ half: 1, entity_deleted: 1, entity_marked: 0, surplus: 4 });
    expect(setup.held('right')).to.have.lengthOf(5);
    const { dropped } = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    expect(dropped).to.deep.equal(dry.dropped);
    const reasons = setup.recorded.dropped.map(({ copy, reason }) => `${reason} in ${copy}`);
    expect(reasons.sort()).to.deep.equal([
      'entity_deleted in right',
      'half in right',
      ...['surplus in left', 'surplus in left', 'surplus in right', 'surplus in right'],
    ]);
  });

  it('waits until all earlier operations are final before it compacts, and only then', async () => {
    const setup = createCopies();
    fill(setup, 3, ['right']);
    const start = setup.time.now();
    await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
    const waitMs = finalAfterMs(times);
    expect(setup.time.now() - start).to.be.below(waitMs);

    const [left, right] = [setup.ids.left[0]!, setup.ids.right[0]!];
    const claims = [1, 2].map((more) => setup.claimId(stableAgeMs + more));
    for (const claim of claims) for (const side of sides) setup.insert(side, claim, { left, right });
    setup.calls['readClaims'] = 0;
    const running = setup.createReconciler().run({ mode: 'guarded' });
    await setup.time.advance(waitMs - 1);
    expect(setup.calls).to.include({ readClaims: 0 });
    await setup.finish(running);
    expect(setup.held('right')).to.have.lengthOf(1);
  });

  it('repeats calls that are not answered, and finally ends as unanswered', async () => {
    const setup = createCopies();
    fill(setup, 5, sides);
    setup.unanswered.add('left');
    const scanning = setup.createReconciler().run({ mode: 'guarded' });
    await setup.time.advance(2 * times.compareEveryMs);
    setup.unanswered.clear();
    expect(await setup.finish(scanning)).to.include({ outcome: 'reconciled', claims: 5 });
    setup.unanswered.add('right');
    expect(await setup.finish(setup.createReconciler().run({ mode: 'guarded' }))).to.include({ outcome: 'unanswered' });
  });

  describe('drops no claims', () => {
    it('if the copy of its peer is empty, on either side', async () => {
      for (const side of sides) {
        const setup = createCopies({ slice: 500, list: 100, lefts: 40, rights: 40 });
        const ids = fill(setup, 1_500, [side]);
        for (let i = 0; i < 3; i++) {
          const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
          expect(report).to.include({ outcome: 'tripped', reason: '1500 of 1500 claims are in one copy only' });
        }
        expect(setup.held(side)).to.deep.equal(ids);
        expect(setup.calls).to.not.have.any.keys('dropClaims');
      }
    });

    it('if there are more than 1,000 half claims and more than 1 % are half', async () => {
      const scanOver = async (half: number) => {
        const setup = createCopies({ slice: 10_000, list: 1_000, lefts: 40, rights: 40 });
        fill(setup, half, ['right']);
        return (await setup.finish(setup.createReconciler().run({ mode: 'guarded' }))).outcome;
      };
      expect(await scanOver(1_000)).to.equal('reconciled');
      expect(await scanOver(1_001)).to.equal('tripped');
      expect(tooMany({ half: 10_000, marked: 0, claims: 1_000_000 })).to.equal(null);
      expect(tooMany({ half: 10_001, marked: 0, claims: 1_000_000 })).to.equal(
        '10001 of 1000000 claims are in one copy only',
      );
      expect(tooMany({ half: 100_001, marked: 0, claims: 1e9 })).to.equal(
        'more than 100000 claims are in one copy only',
      );
    });

    it('if a database has another peer than it remembers, until a person accepts it', async () => {
      for (const side of sides) {
        const setup = createCopies();
        const kept = fill(setup, 4, sides);
        expect(await setup.finish(setup.createReconciler().run({ mode: 'guarded' }))).to.include({
          outcome: 'reconciled',
        });
        const half = fill(setup, 2, [side === 'right' ? 'left' : 'right'], stableAgeMs + 10);
        // as if the database was created again
        setup.copies[side].identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
        const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
        expect(report.outcome).to.equal('tripped');
        expect(report.reason).to.match(/database remembers .*, not /);
        expect(setup.copies[side].identity.peer).to.equal(null);
        const dry = await setup.finish(setup.createReconciler().run({ mode: 'dry run' }));
        expect(dry).to.deep.include({ outcome: 'tripped', reason: report.reason, half: 2 });
        expect(setup.held(side === 'right' ? 'left' : 'right')).to.include.members(half);

        expect(await setup.finish(setup.createReconciler().run({ mode: 'accept' }))).to.include({
          outcome: 'reconciled',
        });
        for (const each of sides) expect(setup.held(each)).to.deep.equal(kept);
        expect(await setup.finish(setup.createReconciler().run({ mode: 'guarded' }))).to.include({
          outcome: 'reconciled',
        });
      }
    });

    it('if both services use one database, even if a person accepts it', async () => {
      const setup = createCopies();
      setup.copies.right.identity.database = setup.copies.left.identity.database;
      for (const mode of ['guarded', 'accept'] as const)
        expect(await setup.finish(setup.createReconciler().run({ mode }))).to.include({
          outcome: 'wrong_database',
          reason: 'both services use the same database',
        });
    });

    it('if a database is exchanged during the scan', async () => {
      const setup = createCopies({ slice: 2, list: 1 });
      fill(setup, 6, ['right']);
      const scanning = setup.createReconciler().run({
        mode: 'guarded',
        onProgress: () => {
          setup.copies.left.identity = { database: '11111111-1111-4111-8111-111111111111', peer: null };
        },
      });
      expect(await setup.finish(scanning)).to.include({
        outcome: 'wrong_database',
        reason: 'a database was exchanged during the scan',
      });
      expect(setup.held('right')).to.have.lengthOf(6);
    });

    it('if another database answers some calls', async () => {
      for (const operations of [['digestClaims', 'listClaims', 'readClaims'], ['readClaims'], ['dropClaims']]) {
        const setup = createCopies({ slice: 500, list: 100, lefts: 40, rights: 40 });
        const kept = fill(setup, 800, sides);
        const half = fill(setup, 2, ['left'], stableAgeMs + 2_000);
        for (const operation of operations) setup.answeredByStranger.add(operation);
        const report = await setup.finish(setup.createReconciler().run({ mode: 'guarded' }));
        expect(report.outcome).to.equal('wrong_database');
        expect(setup.held('right')).to.deep.equal(kept);
        expect(setup.held('left')).to.deep.equal([...kept, ...half].sort());
      }
    });
  });

  it('reports the drops in one copy although the other copy no longer answers', async () => {
    const setup = createCopies({ slice: 50, list: 50, lefts: 10, rights: 10 });
    fill(setup, 5, ['right']);
    fill(setup, 5, ['left'], stableAgeMs + 50);
    setup.unanswered.add('left dropClaims');
    expect(await setup.finish(setup.createReconciler().run({ mode: 'guarded' }))).to.deep.include({
      outcome: 'unanswered',
      dropped: { half: 5, entity_deleted: 0, entity_marked: 0, surplus: 0 },
    });
    expect(setup.recorded.dropped.map(({ copy }) => copy)).to.deep.equal(Array.from({ length: 5 }, () => 'right'));
    expect(setup.held('right')).to.deep.equal([]);
  });

  it('completes with many differences and slow owner services', async () => {
    const setup = createCopies({ slice: 10_000, list: 256, lefts: 100, rights: 100 });
    fill(setup, 10_000, ['right']);
    setup.network.latencyMs = 400;
    const report = await setup.finish(setup.createReconciler().run({ mode: 'accept' }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 10_000 });
    expect(setup.held('right')).to.deep.equal([]);
  });

  it('drops any number of claims if a person accepts it', async () => {
    const setup = createCopies({ slice: 500, list: 100, lefts: 40, rights: 40 });
    fill(setup, 1_500, ['left']);
    const kept = fill(setup, 10, sides, stableAgeMs + 2_000);
    const dry = await setup.finish(setup.createReconciler().run({ mode: 'dry run' }));
    expect(dry).to.include({ outcome: 'tripped', half: 1_500 });
    const report = await setup.finish(setup.createReconciler().run({ mode: 'accept' }));
    expect(report).to.deep.include({ outcome: 'reconciled', half: 1_500 });
    expect(report.dropped).to.deep.equal(dry.dropped);
    // the ten pairs also had a half claim
    expect(setup.held('left')).to.deep.equal(kept);
  });
});
