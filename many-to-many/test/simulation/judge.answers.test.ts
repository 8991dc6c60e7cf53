import { expect } from 'chai';
import { arrange } from './judged.ts';

const other = '00000000-0000-7000-8000-000000000000';

describe('the judge of the simulation', () => {
  describe('of the entities in an answer', () => {
    it('expects those that it names to exist', () => {
      for (const side of ['left', 'right'] as const) {
        const { judge, pair, faultsOf } = arrange();
        judge.named(0, [{ ...pair, [side]: other }]);
        expect(faultsOf()).to.deep.equal([`an answer names ${other}, which does not exist`]);
      }
    });

    it('expects them to have existed at some time since it was asked for', () => {
      const { scheduler, judge, pair, deleteLeft, faultsOf } = arrange();
      const before = scheduler.tick();
      deleteLeft();
      judge.named(before, [pair]);
      expect(faultsOf()).to.deep.equal([]);
      judge.named(scheduler.tick(), [pair]);
      expect(faultsOf()).to.deep.equal([`an answer names ${pair.left}, which does not exist`]);
    });

    it('lets it name those that exist', () => {
      const { judge, world, faultsOf } = arrange();
      judge.named(0, world.pairs);
      expect(faultsOf()).to.deep.equal([]);
    });

    it('expects those that it says do not exist not to exist', () => {
      const { judge, pair, deleteLeft, faultsOf } = arrange();
      deleteLeft();
      judge.missing({ side: 'left', id: pair.left });
      expect(faultsOf()).to.deep.equal([]);
      judge.missing({ side: 'right', id: pair.right });
      expect(faultsOf()).to.deep.equal([`an answer says that ${pair.right} does not exist`]);
    });
  });

  describe('of what clients observe', () => {
    it('expects an order for each pair, and draws a history that has none', () => {
      const { observe, faultsOf } = arrange();
      observe('add', 'done');
      observe('read', 'absent');
      const [fault, ...more] = faultsOf();
      expect(more).to.deep.equal([]);
      expect(fault).to.match(/^course 0, student 0, absent at first: process 0: no order explains read absent /);
      expect(fault).to.match(/\n0 +\|add done-*\|.*\|!read absent\|$/);
    });

    it('starts from the claims that were there before', () => {
      const there = arrange({ shared: 1 });
      there.observe('read', 'present');
      there.observe('remove', 'done');
      expect(there.faultsOf()).to.deep.equal([]);
      const not = arrange({ half: { left: 1, right: 1 } });
      not.observe('remove', 'done');
      expect(not.faultsOf()).to.have.lengthOf(1);
    });

    it('takes a deletion for one of all pairs of its entity, and of no other', () => {
      for (const side of ['left', 'right'] as const) {
        const { observe, world, pair, faultsOf } = arrange();
        observe('delete', 'done', { [side]: pair[side] });
        const deleted = world.pairs.filter((other) => other[side] === pair[side]);
        expect(deleted).to.have.lengthOf(2);
        for (const pair of world.pairs.filter((pair) => !deleted.includes(pair))) observe('add', 'done', pair);
        expect(faultsOf()).to.deep.equal([]);
        for (const pair of deleted) observe('add', 'done', pair);
        expect(faultsOf()).to.have.lengthOf(2);
      }
    });

    it('lets an unknown operation take effect at any time', () => {
      const { judge, observe, faultsOf } = arrange();
      observe('add', 'unknown');
      observe('read', 'absent');
      observe('read', 'present');
      expect(faultsOf()).to.deep.equal([]);
      const [history] = judge.verdict().histories;
      expect(history!.map(({ start, end }) => end === null || end > start)).to.deep.equal([true, true, true]);
      expect(history!.map(({ end }) => end === null)).to.deep.equal([true, false, false]);
    });
  });
});
