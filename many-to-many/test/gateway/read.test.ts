import { expect } from 'chai';
import { NotExecuted } from '../../src/outcome.ts';
import type { ItemOf } from '../../src/operation.ts';
import type { CopyOperations, ReadPairOutcome } from '../../src/operations.ts';
import { atOnce, createGateway, times, watch } from './createGateway.ts';
import { left, missingSides, newId, pair, right } from './samples.ts';
import type { Reply } from './scripted.ts';

type ReadPairItem = ItemOf<CopyOperations<unknown>['readPairs']>;

const outcomes = ['common', 'other claims', 'no claim', 'entity_not_found', 'not_executed', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

const common = [newId(), newId()];

/** Scripts a reply with the common claims among other claims. */
function reply<E>(outcome: Outcome, entity: E, shared: string[]): Reply<ReadPairItem, ReadPairOutcome<E>> {
  switch (outcome) {
    case 'common':
      return () => ({ outcome: 'found', entity, claims: [newId(), ...shared, newId()] });
    case 'other claims':
      return () => ({ outcome: 'found', entity, claims: [newId()] });
    case 'no claim':
      return () => ({ outcome: 'found', entity, claims: [] });
    case 'entity_not_found':
      return () => ({ outcome });
    case 'not_executed':
      return new NotExecuted('refused');
    case 'unknown':
      return new Error('garbled');
  }
}

function expectedAnswer(inLeft: Outcome, inRight: Outcome): object {
  const both = [inLeft, inRight];
  const missing = missingSides(inLeft, inRight);
  if (missing.length > 0) return { outcome: 'entity_not_found', missing };
  if (both.includes('no claim')) return { outcome: 'absent' };
  if (both.includes('not_executed') || both.includes('unknown')) return { outcome: 'not_executed' };
  return both.includes('other claims') ? { outcome: 'absent' } : { outcome: 'visible', left, right };
}

function createRead(inLeft: Outcome, inRight: Outcome) {
  const gateway = createGateway();
  gateway.left.readPairs.reply(reply(inLeft, left, common));
  gateway.right.readPairs.reply(reply(inRight, right, common.toReversed()));
  gateway.left.retireClaims.reply(() => ({ outcome: 'retired' }));
  gateway.right.retireClaims.reply(() => ({ outcome: 'retired' }));
  return gateway;
}

describe('pair read and the first round of remove, for every pair of outcomes', () => {
  for (const inLeft of outcomes)
    for (const inRight of outcomes) {
      it(`read, left: ${inLeft}, right: ${inRight}`, async () => {
        const gateway = createRead(inLeft, inRight);
        const answer = await atOnce(gateway, gateway.relation.read(pair, 'request-1'));
        expect(answer).to.deep.include(expectedAnswer(inLeft, inRight));
        if (answer.outcome === 'visible') expect(answer.claims).to.have.members(common);
        for (const copy of [gateway.left, gateway.right])
          expect(copy.readPairs.calls.map(({ items }) => items)).to.deep.equal([
            [{ ...pair, request_ids: ['request-1'] }],
          ]);
      });

      it(`remove, left: ${inLeft}, right: ${inRight}`, async () => {
        const gateway = createRead(inLeft, inRight);
        const answer = await atOnce(gateway, gateway.relation.remove(pair, 'request-1'));
        const visible = inLeft === 'common' && inRight === 'common';
        expect(answer).to.deep.include(visible ? { outcome: 'removed' } : expectedAnswer(inLeft, inRight));
        for (const copy of [gateway.left, gateway.right])
          expect(copy.retireClaims.calls).to.have.length(visible ? 1 : 0);
        expect(gateway.counted.removed).to.deep.equal([answer.outcome]);
      });
    }
});

describe('pair read', () => {
  it('calls both copies in parallel, and is not executed at the deadline', async () => {
    const gateway = createGateway();
    const read = gateway.relation.read(pair, 'request-1');
    const answered = watch(read);
    await gateway.clock.advance(times.callMs - 1);
    expect(gateway.left.readPairs.calls).to.have.length(1);
    expect(gateway.right.readPairs.calls).to.have.length(1);
    expect(answered.done).to.equal(false);
    await gateway.clock.advance(1);
    expect((await atOnce(gateway, read)).outcome).to.equal('not_executed');
  });
});
