import { expect } from 'chai';
import { createJudged } from './createJudged.ts';

describe('the judge of the simulation', () => {
  describe('with refused adds', () => {
    const fault = 'add add was refused, and its claim was visible';

    it('reports a claim in both copies, before or after the answer', () => {
      const after = createJudged();
      after.judge.refused('add');
      after.accept('right', { claim: 'c' });
      expect(after.faultsOf()).to.deep.equal([]);
      after.accept('left', { claim: 'c' });
      expect(after.faultsOf()).to.deep.equal([fault]);

      const before = createJudged();
      before.accept('left', { claim: 'c' });
      before.accept('right', { claim: 'c' });
      before.judge.refused('add');
      expect(before.faultsOf()).to.deep.equal([fault]);
    });

    it('reports also a claim that another add shares', () => {
      const { judge, accept, faultsOf } = createJudged();
      accept('right', { claim: 'c', by: ['add', 'another'] });
      accept('left', { claim: 'c', by: ['another', 'add'] });
      judge.refused('add');
      expect(faultsOf()).to.deep.equal([fault]);
    });

    it('accepts a claim in one copy at a time', () => {
      const { judge, accept, retire, faultsOf } = createJudged();
      judge.refused('add');
      accept('right', { claim: 'c' });
      retire('right', { claim: 'c', by: ['add'] });
      accept('left', { claim: 'c' });
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('with drops of the reconciler', () => {
    it('reports a drop that makes a pair invisible', () => {
      const { accept, drop, faultsOf } = createJudged();
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c' });
      drop('right', 'c');
      expect(faultsOf()).to.deep.equal(['claim c was dropped, by which alone its pair was visible']);
    });

    it('reports also the drop of a first claim', () => {
      const { world, drop, faultsOf } = createJudged({ shared: 2 });
      const [first, second] = [...world.right.copy.claims.keys()];
      drop('left', first!);
      expect(faultsOf()).to.deep.equal([]);
      drop('right', second!);
      expect(faultsOf()).to.deep.equal([`claim ${second} was dropped, by which alone its pair was visible`]);
    });

    it('reports the drop also if another pair is visible', () => {
      const { world, accept, drop, faultsOf } = createJudged();
      for (const side of ['right', 'left'] as const) {
        accept(side, { claim: 'c' });
        accept(side, { claim: 'd', of: world.pairs[1]! });
      }
      drop('right', 'c');
      expect(faultsOf()).to.have.lengthOf(1);
    });

    it('accepts drops of surplus, half and retired claims', () => {
      const { accept, retire, drop, faultsOf } = createJudged();
      for (const claim of ['c', 'd', 'e']) for (const side of ['right', 'left'] as const) accept(side, { claim });
      drop('right', 'd');
      drop('left', 'd');
      retire('right', { claim: 'e' });
      drop('left', 'e');
      accept('right', { claim: 'f' });
      drop('right', 'f');
      expect(faultsOf()).to.deep.equal([]);
    });

    it('accepts drops after the deletion of the entity', () => {
      const { accept, drop, deleteLeft, faultsOf } = createJudged();
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c' });
      deleteLeft();
      drop('right', 'c');
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('with late requests', () => {
    const lateMs = 60_001;

    it('reports an add that takes effect after it was final', () => {
      const { judge, accept, faultsOf } = createJudged();
      judge.answered('add');
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c', arrived: lateMs });
      expect(faultsOf()).to.deep.equal(['add add took effect after it was final']);
    });

    it('reports a remove that takes effect after it was final', () => {
      const { judge, accept, retire, faultsOf } = createJudged();
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c' });
      judge.answered('remove');
      retire('left', { claim: 'c', arrived: lateMs });
      expect(faultsOf()).to.deep.equal(['remove remove took effect after it was final']);
    });

    it('counts the time from the answer', () => {
      const { scheduler, judge, accept, faultsOf } = createJudged();
      scheduler.now = 1_000;
      judge.answered('add');
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c', arrived: 61_000 });
      expect(faultsOf()).to.deep.equal([]);
    });

    it('accepts late requests without an effect, or of another add that is not answered', () => {
      const { judge, accept, retire, faultsOf } = createJudged();
      judge.answered('add');
      judge.answered('remove');
      accept('right', { claim: 'c', arrived: lateMs });
      retire('right', { claim: 'c', arrived: lateMs });
      accept('right', { claim: 'd', by: ['add', 'another'] });
      accept('left', { claim: 'd', by: ['add', 'another'], arrived: lateMs });
      accept('right', { claim: 'd', arrived: lateMs });
      retire('right', { claim: 'd', by: ['another remove'], arrived: lateMs });
      retire('left', { claim: 'd', arrived: lateMs });
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('with reconciled copies', () => {
    it('reports copies that are not equal', () => {
      for (const half of [
        { left: 1, right: 0 },
        { left: 0, right: 1 },
        { left: 1, right: 1 },
      ]) {
        const { judge, faultsOf } = createJudged({ half });
        judge.reconciled();
        expect(faultsOf(), JSON.stringify(half)).to.deep.equal(['the copies are not the same']);
      }
    });

    it('reports surplus claims', () => {
      const { judge, faultsOf } = createJudged({ shared: 2 });
      judge.reconciled();
      expect(faultsOf()).to.deep.equal(['a pair has surplus claims']);
    });

    it('accepts one claim of a pair, and tombstones', () => {
      const { judge, accept, retire, faultsOf } = createJudged({ shared: 1 });
      accept('right', { claim: 'c' });
      retire('right', { claim: 'c' });
      judge.reconciled();
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  it('reports each fault once', () => {
    const { judge, observe, faultsOf } = createJudged();
    judge.fault('one');
    judge.fault('one');
    judge.threw('a client met', new Error('it fell over'));
    observe('read', 'present');
    const faults = faultsOf();
    expect(faults).to.have.lengthOf(3);
    expect(faults[0]).to.equal('one');
    expect(faults[1]).to.match(/^a client met Error: it fell over\n +at /);
  });
});
