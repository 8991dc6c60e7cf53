import { expect } from 'chai';
import { arrange } from './judged.ts';

describe('the judge of the simulation', () => {
  describe('of adds that were refused', () => {
    const fault = 'add add was refused, and its claim was visible';

    it('expects none of their claims in both copies, before or after the answer', () => {
      const after = arrange();
      after.judge.refused('add');
      after.accept('right', { claim: 'c' });
      expect(after.faultsOf()).to.deep.equal([]);
      after.accept('left', { claim: 'c' });
      expect(after.faultsOf()).to.deep.equal([fault]);

      const before = arrange();
      before.accept('left', { claim: 'c' });
      before.accept('right', { claim: 'c' });
      before.judge.refused('add');
      expect(before.faultsOf()).to.deep.equal([fault]);
    });

    it('expects that also of a claim that they share with others', () => {
      const { judge, accept, faultsOf } = arrange();
      accept('right', { claim: 'c', by: ['add', 'another'] });
      accept('left', { claim: 'c', by: ['another', 'add'] });
      judge.refused('add');
      expect(faultsOf()).to.deep.equal([fault]);
    });

    it('lets one copy hold it, and both in turn', () => {
      const { judge, accept, retire, faultsOf } = arrange();
      judge.refused('add');
      accept('right', { claim: 'c' });
      retire('right', { claim: 'c', by: ['add'] });
      accept('left', { claim: 'c' });
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('of the claims that the reconciler drops', () => {
    it('expects the pair to stay visible', () => {
      const { accept, drop, faultsOf } = arrange();
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c' });
      drop('right', 'c');
      expect(faultsOf()).to.deep.equal(['claim c was dropped, by which alone its pair was visible']);
    });

    it('expects that also of claims that were there before', () => {
      const { world, drop, faultsOf } = arrange({ shared: 2 });
      const [first, second] = [...world.right.copy.claims.keys()];
      drop('left', first!);
      expect(faultsOf()).to.deep.equal([]);
      drop('right', second!);
      expect(faultsOf()).to.deep.equal([`claim ${second} was dropped, by which alone its pair was visible`]);
    });

    it('does not take a visible claim of another pair for one of this', () => {
      const { world, accept, drop, faultsOf } = arrange();
      for (const side of ['right', 'left'] as const) {
        accept(side, { claim: 'c' });
        accept(side, { claim: 'd', of: world.pairs[1]! });
      }
      drop('right', 'c');
      expect(faultsOf()).to.have.lengthOf(1);
    });

    it('lets it drop surplus, half and retired claims', () => {
      const { accept, retire, drop, faultsOf } = arrange();
      for (const claim of ['c', 'd', 'e']) for (const side of ['right', 'left'] as const) accept(side, { claim });
      drop('right', 'd');
      drop('left', 'd');
      retire('right', { claim: 'e' });
      drop('left', 'e');
      accept('right', { claim: 'f' });
      drop('right', 'f');
      expect(faultsOf()).to.deep.equal([]);
    });

    it('does not blame it for claims that a deletion took', () => {
      const { accept, drop, deleteLeft, faultsOf } = arrange();
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c' });
      deleteLeft();
      drop('right', 'c');
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('of the time at which an operation takes effect', () => {
    const late = 60_001;

    it('expects no claim in both copies by a request that arrived after its add was final', () => {
      const { judge, accept, faultsOf } = arrange();
      judge.answered('add');
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c', arrived: late });
      expect(faultsOf()).to.deep.equal(['add add took effect after it was final']);
    });

    it('expects no claim to leave a copy after its remove was final', () => {
      const { judge, accept, retire, faultsOf } = arrange();
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c' });
      judge.answered('remove');
      retire('left', { claim: 'c', arrived: late });
      expect(faultsOf()).to.deep.equal(['remove remove took effect after it was final']);
    });

    it('counts from the answer', () => {
      const { scheduler, judge, accept, faultsOf } = arrange();
      scheduler.now = 1_000;
      judge.answered('add');
      accept('right', { claim: 'c' });
      accept('left', { claim: 'c', arrived: 61_000 });
      expect(faultsOf()).to.deep.equal([]);
    });

    it('lets a request arrive at any time that changes nothing, or that a sharing client still waits for', () => {
      const { judge, accept, retire, faultsOf } = arrange();
      judge.answered('add');
      judge.answered('remove');
      accept('right', { claim: 'c', arrived: late });
      retire('right', { claim: 'c', arrived: late });
      accept('right', { claim: 'd', by: ['add', 'another'] });
      accept('left', { claim: 'd', by: ['add', 'another'], arrived: late });
      accept('right', { claim: 'd', arrived: late });
      retire('right', { claim: 'd', by: ['another remove'], arrived: late });
      retire('left', { claim: 'd', arrived: late });
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('of reconciled copies', () => {
    it('expects them to be the same', () => {
      for (const half of [
        { left: 1, right: 0 },
        { left: 0, right: 1 },
        { left: 1, right: 1 },
      ]) {
        const { judge, faultsOf } = arrange({ half });
        judge.reconciled();
        expect(faultsOf(), JSON.stringify(half)).to.deep.equal(['the copies are not the same']);
      }
    });

    it('expects one claim of each pair at most', () => {
      const { judge, faultsOf } = arrange({ shared: 2 });
      judge.reconciled();
      expect(faultsOf()).to.deep.equal(['a pair has surplus claims']);
    });

    it('lets them hold one claim, and tombstones of others', () => {
      const { judge, accept, retire, faultsOf } = arrange({ shared: 1 });
      accept('right', { claim: 'c' });
      retire('right', { claim: 'c' });
      judge.reconciled();
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  it('reports all faults, each once', () => {
    const { judge, observe, faultsOf } = arrange();
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
