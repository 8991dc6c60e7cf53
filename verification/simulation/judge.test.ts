import { expect } from 'chai';
import { arrange } from './judged.ts';

describe('the judge of the simulation', () => {
  describe('of adds that were refused', () => {
    const fault = 'add add was refused, and its claim was visible';

    it('wants none of their claims in both copies, before or after the answer', () => {
      const after = arrange();
      after.judge.refused('add');
      after.take('author', { claim: 'c' });
      expect(after.faultsOf()).to.deep.equal([]);
      after.take('conference', { claim: 'c' });
      expect(after.faultsOf()).to.deep.equal([fault]);

      const before = arrange();
      before.take('conference', { claim: 'c' });
      before.take('author', { claim: 'c' });
      before.judge.refused('add');
      expect(before.faultsOf()).to.deep.equal([fault]);
    });

    it('wants none of a claim that they share with others', () => {
      const { judge, take, faultsOf } = arrange();
      take('author', { claim: 'c', by: ['add', 'another'] });
      take('conference', { claim: 'c', by: ['another', 'add'] });
      judge.refused('add');
      expect(faultsOf()).to.deep.equal([fault]);
    });

    it('lets one copy have it, and both in turn', () => {
      const { judge, take, retire, faultsOf } = arrange();
      judge.refused('add');
      take('author', { claim: 'c' });
      retire('author', { claim: 'c', by: ['add'] });
      take('conference', { claim: 'c' });
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('of what the reconciler drops', () => {
    it('wants the pair to stay visible', () => {
      const { take, drop, faultsOf } = arrange();
      take('author', { claim: 'c' });
      take('conference', { claim: 'c' });
      drop('author', 'c');
      expect(faultsOf()).to.deep.equal(['claim c was dropped, by which alone its pair was visible']);
    });

    it('wants that also of what was there before it began', () => {
      const { world, drop, faultsOf } = arrange({ shared: 2 });
      const [first, second] = [...world.author.copy.claims.keys()];
      drop('conference', first!);
      expect(faultsOf()).to.deep.equal([]);
      drop('author', second!);
      expect(faultsOf()).to.deep.equal([`claim ${second} was dropped, by which alone its pair was visible`]);
    });

    it('does not take a visible claim of another pair for one of this', () => {
      const { world, take, drop, faultsOf } = arrange();
      for (const side of ['author', 'conference'] as const) {
        take(side, { claim: 'c' });
        take(side, { claim: 'd', of: world.pairs[1]! });
      }
      drop('author', 'c');
      expect(faultsOf()).to.have.lengthOf(1);
    });

    it('lets it drop what is surplus, half, or retired', () => {
      const { take, retire, drop, faultsOf } = arrange();
      for (const claim of ['c', 'd', 'e']) for (const side of ['author', 'conference'] as const) take(side, { claim });
      drop('author', 'd');
      drop('conference', 'd');
      retire('author', { claim: 'e' });
      drop('conference', 'e');
      take('author', { claim: 'f' });
      drop('author', 'f');
      expect(faultsOf()).to.deep.equal([]);
    });

    it('does not blame it for what a deletion took', () => {
      const { take, drop, deleteEvent, faultsOf } = arrange();
      take('author', { claim: 'c' });
      take('conference', { claim: 'c' });
      deleteEvent();
      drop('author', 'c');
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('of when something takes effect', () => {
    const late = 60_001;

    it('wants no claim in both copies by a request that arrived after its add was settled', () => {
      const { judge, take, faultsOf } = arrange();
      judge.answered('add');
      take('author', { claim: 'c' });
      take('conference', { claim: 'c', arrived: late });
      expect(faultsOf()).to.deep.equal(['add add took effect after it was settled']);
    });

    it('wants no claim to leave both copies after its remove was settled', () => {
      const { judge, take, retire, faultsOf } = arrange();
      take('author', { claim: 'c' });
      take('conference', { claim: 'c' });
      judge.answered('remove');
      retire('conference', { claim: 'c', arrived: late });
      expect(faultsOf()).to.deep.equal(['remove remove took effect after it was settled']);
    });

    it('counts from the answer', () => {
      const { scheduler, judge, take, faultsOf } = arrange();
      scheduler.now = 1_000;
      judge.answered('add');
      take('author', { claim: 'c' });
      take('conference', { claim: 'c', arrived: 61_000 });
      expect(faultsOf()).to.deep.equal([]);
    });

    it('lets what changes nothing come at any time, and what some of those who share it still wait for', () => {
      const { judge, take, retire, faultsOf } = arrange();
      judge.answered('add');
      judge.answered('remove');
      take('author', { claim: 'c', arrived: late });
      retire('author', { claim: 'c', arrived: late });
      take('author', { claim: 'd', by: ['add', 'another'] });
      take('conference', { claim: 'd', by: ['add', 'another'], arrived: late });
      take('author', { claim: 'd', arrived: late });
      retire('author', { claim: 'd', by: ['another remove'], arrived: late });
      retire('conference', { claim: 'd', arrived: late });
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  describe('of the copies, when they were reconciled', () => {
    it('wants them to be the same', () => {
      for (const half of [
        { author: 1, conference: 0 },
        { author: 0, conference: 1 },
        { author: 1, conference: 1 },
      ]) {
        const { judge, faultsOf } = arrange({ half });
        judge.reconciled();
        expect(faultsOf(), JSON.stringify(half)).to.deep.equal(['the copies are not the same']);
      }
    });

    it('wants one claim of each pair at most', () => {
      const { judge, faultsOf } = arrange({ shared: 2 });
      judge.reconciled();
      expect(faultsOf()).to.deep.equal(['a pair has surplus claims']);
    });

    it('lets them hold one claim, and marks of others', () => {
      const { judge, take, retire, faultsOf } = arrange({ shared: 1 });
      take('author', { claim: 'c' });
      retire('author', { claim: 'c' });
      judge.reconciled();
      expect(faultsOf()).to.deep.equal([]);
    });
  });

  it('tells all that was wrong, and each fault once', () => {
    const { judge, told, faultsOf } = arrange();
    judge.fault('one');
    judge.fault('one');
    judge.threw('a client met', new Error('it fell over'));
    told('read', 'present');
    const faults = faultsOf();
    expect(faults).to.have.lengthOf(3);
    expect(faults[0]).to.equal('one');
    expect(faults[1]).to.match(/^a client met Error: it fell over\n +at /);
  });
});
