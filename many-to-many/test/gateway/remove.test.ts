import { expect } from 'chai';
import { NotExecuted } from '../../src/outcome.ts';
import type { ItemOf } from '../../src/operation.ts';
import type { CopyOperations, RetireOutcome } from '../../src/operations.ts';
import { atOnce, createGateway, times, watch } from './createGateway.ts';
import { left, newId, pair, right } from './samples.ts';
import type { Reply } from './scripted.ts';

type RetireItem = ItemOf<CopyOperations<unknown>['retireClaims']>;

const outcomes = ['retired', 'expired', 'entity_locked', 'not_executed', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

function reply(outcome: Outcome): Reply<RetireItem, RetireOutcome> {
  if (outcome === 'not_executed') return new NotExecuted('refused');
  if (outcome === 'unknown') return new Error('garbled');
  return () => ({ outcome });
}

/** Creates a gateway whose copies hold two common claims, and one other claim each. */
function createVisible() {
  const gateway = createGateway();
  const common = [newId(), newId()] as const;
  gateway.left.readPairs.reply(() => ({ outcome: 'found', entity: left, claims: [newId(), ...common] }));
  gateway.right.readPairs.reply(() => ({ outcome: 'found', entity: right, claims: [common[1], newId(), common[0]] }));
  return { ...gateway, common };
}

function expectedOutcome(both: Outcome[]): string {
  if (both.includes('retired')) return 'removed';
  return both.includes('unknown') ? 'unknown' : 'not_executed';
}

describe('the second round of remove, for every pair of outcomes', () => {
  for (const inLeft of outcomes)
    for (const inRight of outcomes)
      it(`left: ${inLeft}, right: ${inRight}`, async () => {
        const gateway = createVisible();
        gateway.left.retireClaims.reply(reply(inLeft));
        gateway.right.retireClaims.reply(reply(inRight));
        const { outcome } = await atOnce(gateway, gateway.relation.remove(pair, 'request-1'));
        expect(outcome).to.equal(expectedOutcome([inLeft, inRight]));
        expect(gateway.counted.removed).to.deep.equal([outcome]);
        expect(gateway.left.retireClaims.calls).to.have.length(1);
        expect(gateway.right.retireClaims.calls).to.have.length(1);
      });
});

describe('remove', () => {
  it('retires exactly the common claims in both copies, with a remove id made before the read', async () => {
    const gateway = createVisible();
    gateway.left.readPairs.reply('hold');
    watch(gateway.relation.remove(pair, 'request-1'));
    await gateway.clock.runTurns();
    expect(gateway.ids).to.have.length(1);
    const claims = [...gateway.common, newId()];
    gateway.left.readPairs.calls[0]!.resolve([{ outcome: 'found', entity: left, claims }]);
    await gateway.clock.runTurns();
    for (const copy of [gateway.left, gateway.right]) {
      const [{ claim_ids, ...item }, ...more] = copy.retireClaims.calls.flatMap(({ items }) => items) as [RetireItem];
      expect(claim_ids).to.have.members([...gateway.common]);
      expect(item).to.deep.equal({ ...pair, remove_id: gateway.ids[0], request_ids: ['request-1'] });
      expect(more).to.deep.equal([]);
    }
    expect(gateway.ids).to.have.length(1);
  });

  for (const [first, second] of [
    ['left', 'right'],
    ['right', 'left'],
  ] as const) {
    it(`answers after the ${first} copy has confirmed; idle waits for the other retirement`, async () => {
      const gateway = createVisible();
      gateway[first].retireClaims.reply(() => ({ outcome: 'retired' }));
      expect(await atOnce(gateway, gateway.relation.remove(pair, 'request-1'))).to.deep.equal({ outcome: 'removed' });
      const idle = watch(gateway.relation.idle());
      await gateway.clock.runTurns();
      expect(gateway[second].retireClaims.calls).to.have.length(1);
      expect(idle.done).to.equal(false);
      gateway[second].retireClaims.calls[0]!.resolve([{ outcome: 'entity_locked' }]);
      await gateway.clock.runTurns();
      expect(idle.done).to.equal(true);
    });

    it(`waits for the ${second} copy after the ${first} copy has refused`, async () => {
      const gateway = createVisible();
      gateway[first].retireClaims.reply(() => ({ outcome: 'expired' }));
      const removed = gateway.relation.remove(pair, 'request-1');
      const answered = watch(removed);
      await gateway.clock.advance(times.callMs - 1);
      expect(answered.done).to.equal(false);
      gateway[second].retireClaims.calls[0]!.resolve([{ outcome: 'retired' }]);
      expect(await atOnce(gateway, removed)).to.deep.equal({ outcome: 'removed' });
    });
  }

  it('is unknown at the deadline if one copy has refused and the other has not answered', async () => {
    const gateway = createVisible();
    gateway.left.retireClaims.reply(new NotExecuted('refused'));
    const removed = gateway.relation.remove(pair, 'request-1');
    await gateway.clock.advance(times.callMs);
    expect((await atOnce(gateway, removed)).outcome).to.equal('unknown');
  });

  it('has its own remove id in each of two concurrent calls', async () => {
    const gateway = createVisible();
    gateway.left.retireClaims.reply(() => ({ outcome: 'retired' }));
    const removes = ['one', 'two'].map((requestId) => gateway.relation.remove(pair, requestId));
    const answers = await atOnce(gateway, Promise.all(removes));
    expect(answers).to.deep.equal([{ outcome: 'removed' }, { outcome: 'removed' }]);
    const [batch, ...more] = gateway.left.retireClaims.calls;
    expect(batch!.items.map(({ remove_id }) => remove_id)).to.deep.equal(gateway.ids);
    expect(gateway.ids).to.have.length(2);
    expect(more).to.deep.equal([]);
  });
});
