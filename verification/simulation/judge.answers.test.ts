import { expect } from 'chai';
import { arrange } from './judged.ts';

const other = '00000000-0000-7000-8000-000000000000';

describe('the judge of the simulation', () => {
  describe('of the entities in an answer', () => {
    it('wants those that it names to be there', () => {
      const { judge, faultsOf } = arrange();
      judge.named(0, other);
      expect(faultsOf()).to.deep.equal([`an answer names ${other}, which is not there`]);
    });

    it('wants them to have been there since it was asked for', () => {
      const { scheduler, judge, pair, deleteEvent, faultsOf } = arrange();
      const before = scheduler.tick();
      deleteEvent();
      judge.named(before, pair.event, pair.author);
      expect(faultsOf()).to.deep.equal([]);
      judge.named(scheduler.tick(), pair.event, pair.author);
      expect(faultsOf()).to.deep.equal([`an answer names ${pair.event}, which is not there`]);
    });

    it('lets it name what is there', () => {
      const { judge, world, faultsOf } = arrange();
      judge.named(0, world.series, ...world.events, ...world.authors);
      expect(faultsOf()).to.deep.equal([]);
    });

    it('wants those that it says are missing to be so', () => {
      const { judge, pair, deleteEvent, faultsOf } = arrange();
      deleteEvent();
      judge.missing(pair.event);
      expect(faultsOf()).to.deep.equal([]);
      judge.missing(pair.event, pair.author);
      expect(faultsOf()).to.deep.equal([`an answer says that ${pair.author} is missing`]);
    });
  });

  describe('of what clients are told', () => {
    it('wants an order for each pair, and draws what has none', () => {
      const { told, faultsOf } = arrange();
      told('add', 'done');
      told('read', 'absent');
      const [fault, ...more] = faultsOf();
      expect(more).to.deep.equal([]);
      expect(fault).to.match(/^event 0, author 0, absent at first: process 0: no order explains read absent /);
      expect(fault).to.match(/\n0 +\|add done-*\|.*\|!read absent\|$/);
    });

    it('starts from what there was', () => {
      const there = arrange({ shared: 1 });
      there.told('read', 'present');
      there.told('remove', 'done');
      expect(there.faultsOf()).to.deep.equal([]);
      const not = arrange({ half: { author: 1, conference: 1 } });
      not.told('remove', 'done');
      expect(not.faultsOf()).to.have.lengthOf(1);
    });

    it('takes a deletion for one of all pairs of its entity, and of no other', () => {
      for (const of of [{ event: 0 }, { author: 0 }]) {
        const { told, world, faultsOf } = arrange();
        const [event, author] = [world.events[of.event ?? -1], world.authors[of.author ?? -1]];
        told('delete', 'done', { ...(event && { event }), ...(author && { author }) });
        const deleted = world.pairs.filter((pair) => pair.event === event || pair.author === author);
        expect(deleted).to.have.lengthOf(2);
        for (const pair of world.pairs.filter((pair) => !deleted.includes(pair))) told('add', 'done', pair);
        expect(faultsOf()).to.deep.equal([]);
        for (const pair of deleted) told('add', 'done', pair);
        expect(faultsOf()).to.have.lengthOf(2);
      }
    });

    it('lets what is unknown take effect at any time', () => {
      const { judge, told, faultsOf } = arrange();
      told('add', 'unknown');
      told('read', 'absent');
      told('read', 'present');
      expect(faultsOf()).to.deep.equal([]);
      const [history] = judge.verdict().histories;
      expect(history!.map(({ start, end }) => end === null || end > start)).to.deep.equal([true, true, true]);
      expect(history!.map(({ end }) => end === null)).to.deep.equal([true, false, false]);
    });
  });
});
