import { expect } from 'chai';
import { createRandom } from '../consistency/random.ts';
import { realCode } from './code.ts';
import { allFaults, Faults } from './faults.ts';
import { createJudge, type Told } from './judge.ts';
import type { Earlier, Plan } from './plan.ts';
import { Scheduler } from './scheduler.ts';
import { createWorld } from './world.ts';

type Side = 'author' | 'conference';

/** What a copy does with a claim: for which requests, and for which pair where it is not the first. */
interface Change {
  claim: string;
  by?: string[];
  arrived?: number;
  of?: { event: string; author: string };
}

/** Always the last of the ways there are: all entities are there, and nothing is skewed. */
const random = { ...createRandom(1), below: (bound: number) => bound - 1 };

/** A world with two events and two authors, and claims of the first pair that were there before; and its judge. */
function arrange(earlier: Partial<Earlier> = {}) {
  const scheduler = new Scheduler(random);
  const faults = new Faults(random, new Set(allFaults));
  const half = { author: 0, conference: 0 };
  const plan = { events: 2, authors: 2, earlier: [{ event: 0, author: 0, shared: 0, half, age: 0, ...earlier }] };
  const world = createWorld(realCode, plan as unknown as Plan, { scheduler, random, faults });
  const judge = createJudge(world, scheduler);
  const pair = world.pairs[0]!;

  /** A copy takes a claim, which some adds share. */
  function take(side: Side, { claim, by = ['add'], arrived = 0, of = pair }: Change) {
    const [owned, foreign] = side === 'author' ? [of.author, of.event] : [of.event, of.author];
    world[side].copy.claims.set(claim, { claim_id: claim, owned, foreign, retired: false });
    judge.executed('insertClaims', [{ claim_id: claim, request_ids: by }], [{ outcome: 'taken' }], arrived);
  }
  function retire(side: Side, { claim, by = ['remove'], arrived = 0 }: Change) {
    world[side].copy.claims.get(claim)!.retired = true;
    judge.executed('retireClaims', [{ claim_ids: [claim], request_ids: by }], [{ outcome: 'retired' }], arrived);
  }
  function drop(side: Side, claim: string) {
    world[side].copy.claims.delete(claim);
    judge.executed('dropClaims', [{ claim_id: claim }], [{ outcome: 'dropped' }], 0);
  }
  /** The owner deletes the event of the first pair, and its claims with it. */
  function deleteEvent() {
    world.conference.copy.beginDelete(pair.event)!.commit();
    judge.deleted();
  }
  function told(kind: Told['kind'], outcome: Told['outcome'], of: { event?: string; author?: string } = pair) {
    judge.told(of, { process: 0, start: scheduler.tick(), kind, outcome });
  }
  const faultsOf = () => judge.verdict().faults;
  return { world, scheduler, judge, pair, take, retire, drop, deleteEvent, told, faultsOf };
}

const other = '00000000-0000-7000-8000-000000000000';

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
