import { expect } from 'chai';
import { createJudged } from './createJudged.ts';

const unknownId = '00000000-0000-7000-8000-000000000000';

describe('the judge of the simulation, on answers', () => {
  describe('with entities', () => {
    it('reports an entity that never existed', () => {
      for (const side of ['left', 'right'] as const) {
        const { judge, pair, faultsOf } = createJudged();
        judge.named(0, [{ ...pair, [side]: unknownId }]);
        expect(faultsOf()).to.deep.equal([`an answer names ${unknownId}, which does not exist`]);
      }
    });

    it('reports an entity that was deleted before the request', () => {
      const { scheduler, judge, pair, deleteLeft, faultsOf } = createJudged();
      const before = scheduler.tick();
      deleteLeft();
      judge.named(before, [pair]);
      expect(faultsOf()).to.deep.equal([]);
      judge.named(scheduler.tick(), [pair]);
      expect(faultsOf()).to.deep.equal([`an answer names ${pair.left}, which does not exist`]);
    });

    it('accepts entities that exist', () => {
      const { judge, world, faultsOf } = createJudged();
      judge.named(0, world.pairs);
      expect(faultsOf()).to.deep.equal([]);
    });

    it('reports an existing entity that an answer calls missing', () => {
      const { judge, pair, deleteLeft, faultsOf } = createJudged();
      deleteLeft();
      judge.missing({ side: 'left', id: pair.left });
      expect(faultsOf()).to.deep.equal([]);
      judge.missing({ side: 'right', id: pair.right });
      expect(faultsOf()).to.deep.equal([`an answer says that ${pair.right} does not exist`]);
    });
  });

  describe('with observations', () => {
    it('reports and draws a history that is not linearizable', () => {
      const { observe, faultsOf } = createJudged();
      observe('add', 'done');
      observe('read', 'absent');
      const [fault, ...more] = faultsOf();
      expect(more).to.deep.equal([]);
      expect(fault).to.match(/^course 0, student 0, absent at first: process 0: no order explains read absent /);
      expect(fault).to.match(/\n0 +\|add done-*\|.*\|!read absent\|$/);
    });

    it('starts from the first claims', () => {
      const present = createJudged({ shared: 1 });
      present.observe('read', 'present');
      present.observe('remove', 'done');
      expect(present.faultsOf()).to.deep.equal([]);
      const absent = createJudged({ half: { left: 1, right: 1 } });
      absent.observe('remove', 'done');
      expect(absent.faultsOf()).to.have.lengthOf(1);
    });

    it('applies a deletion to all pairs of its entity, and to no other', () => {
      for (const side of ['left', 'right'] as const) {
        const { observe, world, pair, faultsOf } = createJudged();
        observe('delete', 'done', { [side]: pair[side] });
        const deleted = world.pairs.filter((other) => other[side] === pair[side]);
        expect(deleted).to.have.lengthOf(2);
        for (const pair of world.pairs.filter((pair) => !deleted.includes(pair))) observe('add', 'done', pair);
        expect(faultsOf()).to.deep.equal([]);
        for (const pair of deleted) observe('add', 'done', pair);
        expect(faultsOf()).to.have.lengthOf(2);
      }
    });

    it('accepts an unknown operation that takes effect late', () => {
      const { judge, observe, faultsOf } = createJudged();
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
