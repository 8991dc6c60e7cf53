import { expect } from 'chai';
import type { ItemOf } from '../../src/operation.ts';
import type { CopyOperations, InsertOutcome } from '../../src/operations.ts';
import { NotExecuted } from '../../src/outcome.ts';
import { atOnce, createGateway } from './createGateway.ts';
import { left, missingSides, newId, pair, right } from './samples.ts';
import type { Reply } from './scripted.ts';

type InsertItem = ItemOf<CopyOperations<unknown>['insertClaims']>;

const outcomes = [
  'accepted',
  'accepted beside the common claim',
  'limit_reached',
  'limit_reached beside the common claim',
  'entity_not_found',
  'expired',
  'entity_locked',
  'not_executed',
  'unknown',
] as const;
type Outcome = (typeof outcomes)[number];

const common = newId();
const showsCommonClaim = (outcome: Outcome) => outcome.endsWith('common claim');
const isAccepted = (outcome: Outcome) => outcome.startsWith('accepted');
const isRefused = (outcome: Outcome) => !isAccepted(outcome) && outcome !== 'unknown';

/** Scripts a reply. Each copy also holds an earlier claim that the other copy does not hold. */
function reply<E>(outcome: Outcome, entity: E): Reply<InsertItem, InsertOutcome<E>> {
  const claims = showsCommonClaim(outcome) ? [newId(), common] : [newId()];
  switch (outcome) {
    case 'accepted':
    case 'accepted beside the common claim':
      return () => ({ outcome: 'accepted', entity, claims });
    case 'limit_reached':
    case 'limit_reached beside the common claim':
      return () => ({ outcome: 'limit_reached', entity, claims });
    case 'not_executed':
      return new NotExecuted('refused');
    case 'unknown':
      return new Error('garbled');
    default:
      return () => ({ outcome });
  }
}

async function add(inLeft: Outcome, inRight: Outcome) {
  const gateway = createGateway();
  gateway.left.insertClaims.reply(reply(inLeft, left));
  gateway.right.insertClaims.reply(reply(inRight, right));
  gateway.left.retireClaims.reply(() => ({ outcome: 'retired' }));
  gateway.right.retireClaims.reply(() => ({ outcome: 'retired' }));
  const answer = await atOnce(gateway, gateway.relation.add(pair, 'request-1'));
  await gateway.relation.idle();
  const withdrawn: string[] = [];
  if (gateway.left.retireClaims.calls.length > 0) withdrawn.push('left');
  if (gateway.right.retireClaims.calls.length > 0) withdrawn.push('right');
  return { gateway, answer, withdrawn };
}

/** Returns the outcome in the decision table of docs/reference.md. */
function expectedAnswer(inLeft: Outcome, inRight: Outcome): object {
  const both = [inLeft, inRight];
  const missing = missingSides(inLeft, inRight);
  if (missing.length > 0) return { outcome: 'entity_not_found', missing };
  if (both.every(showsCommonClaim)) return { outcome: 'already_present', left, right };
  if (both.some(isRefused)) return { outcome: 'not_executed' };
  if (both.includes('unknown')) return { outcome: 'unknown' };
  return { outcome: 'added', left, right };
}

describe('add, for every pair of outcomes', () => {
  for (const inLeft of outcomes)
    for (const inRight of outcomes)
      it(`left: ${inLeft}, right: ${inRight}`, async () => {
        const { gateway, answer, withdrawn } = await add(inLeft, inRight);
        expect(answer).to.deep.include(expectedAnswer(inLeft, inRight));
        expect(gateway.counted.added).to.deep.equal([answer.outcome]);

        const half = [
          ...(!isRefused(inLeft) && isRefused(inRight) ? ['left'] : []),
          ...(!isRefused(inRight) && isRefused(inLeft) ? ['right'] : []),
        ];
        expect(withdrawn).to.deep.equal(half);
        const claim_id = gateway.ids[0]!;
        const withdrawal = { ...pair, claim_ids: [claim_id], remove_id: null, request_ids: ['request-1'] };
        for (const copy of ['left', 'right'] as const) {
          const inserts = gateway[copy].insertClaims.calls.map(({ items }) => items);
          expect(inserts).to.deep.equal([[{ ...pair, claim_id, request_ids: ['request-1'] }]]);
          const retirements = gateway[copy].retireClaims.calls.map(({ items }) => items);
          expect(retirements).to.deep.equal(half.includes(copy) ? [[withdrawal]] : []);
        }
      });
});
