import { expect } from 'chai';
import type { ItemOf } from '../../src/operation.ts';
import type { CopyOperations, InsertOutcome } from '../../src/operations.ts';
import { NotExecuted } from '../../src/outcome.ts';
import { atOnce, createGateway } from './createGateway.ts';
import { left, newId, pair, right } from './samples.ts';
import type { Reply } from './scripted.ts';

type InsertItem = ItemOf<CopyOperations<unknown>['insertClaims']>;

const outcomes = [
  'accepted',
  'accepted beside the common claim',
  'limit_reached',
  'limit reached, with the common claim',
  'entity_not_found',
  'expired',
  'entity_locked',
  'not_executed',
  'unknown',
] as const;
type Outcome = (typeof outcomes)[number];

const common = newId();
const showsCommon = (outcome: Outcome) => outcome.endsWith('common claim');
const accepted = (outcome: Outcome) => outcome.startsWith('accepted');
const refused = (outcome: Outcome) => !accepted(outcome) && outcome !== 'unknown';

/** Each copy also holds an earlier claim that the other one does not. */
function reply<E>(outcome: Outcome, entity: E): Reply<InsertItem, InsertOutcome<E>> {
  const claims = showsCommon(outcome) ? [newId(), common] : [newId()];
  switch (outcome) {
    case 'accepted':
    case 'accepted beside the common claim':
      return () => ({ outcome: 'accepted', entity, claims });
    case 'limit_reached':
    case 'limit reached, with the common claim':
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

/** The decision table once more, in other words. */
function expected(inLeft: Outcome, inRight: Outcome): object {
  const both = [inLeft, inRight];
  const missing = [
    ...(inLeft === 'entity_not_found' ? ['left'] : []),
    ...(inRight === 'entity_not_found' ? ['right'] : []),
  ];
  if (missing.length > 0) return { outcome: 'entity_not_found', missing };
  if (both.every(showsCommon)) return { outcome: 'already_present', left, right };
  if (both.some(refused)) return { outcome: 'not_executed' };
  if (both.includes('unknown')) return { outcome: 'unknown' };
  return { outcome: 'added', left, right };
}

describe('add: every pair of outcomes', () => {
  for (const inLeft of outcomes)
    for (const inRight of outcomes)
      it(`left: ${inLeft}, right: ${inRight}`, async () => {
        const { gateway, answer, withdrawn } = await add(inLeft, inRight);
        expect(answer).to.deep.include(expected(inLeft, inRight));
        expect(gateway.counted.added).to.deep.equal([answer.outcome]);

        const half = [
          ...(!refused(inLeft) && refused(inRight) ? ['left'] : []),
          ...(!refused(inRight) && refused(inLeft) ? ['right'] : []),
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

describe('add: the rows of the table', () => {
  const rows: [name: string, left: Outcome, right: Outcome, outcome: string, withdrawn: string[]][] = [
    ['both accepted it: added', 'accepted', 'accepted', 'added', []],
    [
      'both accepted it and hold a common earlier claim: already present',
      'accepted beside the common claim',
      'accepted beside the common claim',
      'already_present',
      [],
    ],
    ['only one holds the earlier claim: added', 'accepted beside the common claim', 'accepted', 'added', []],
    [
      'no such left entity: withdrawn from the right copy',
      'entity_not_found',
      'accepted',
      'entity_not_found',
      ['right'],
    ],
    [
      'no such right entity: withdrawn from the left copy',
      'accepted',
      'entity_not_found',
      'entity_not_found',
      ['left'],
    ],
    ['neither entity exists: nothing to withdraw', 'entity_not_found', 'entity_not_found', 'entity_not_found', []],
    [
      'no such left entity, the right copy unknown: withdrawn',
      'entity_not_found',
      'unknown',
      'entity_not_found',
      ['right'],
    ],
    [
      'no such right entity, the left one locked: nothing to withdraw',
      'entity_locked',
      'entity_not_found',
      'entity_not_found',
      [],
    ],
    ['one expired: not executed, withdrawn from the other', 'expired', 'accepted', 'not_executed', ['right']],
    [
      'one entity is locked: not executed, withdrawn from the other',
      'accepted',
      'entity_locked',
      'not_executed',
      ['left'],
    ],
    [
      'one was not reached: not executed, withdrawn from the other',
      'not_executed',
      'accepted',
      'not_executed',
      ['right'],
    ],
    [
      'a refusal outweighs an unknown outcome: not executed, withdrawn',
      'unknown',
      'not_executed',
      'not_executed',
      ['left'],
    ],
    ['neither was reached: not executed, nothing to withdraw', 'not_executed', 'not_executed', 'not_executed', []],
    ['one unknown: unknown, nothing is undone', 'accepted', 'unknown', 'unknown', []],
    ['both unknown: unknown, nothing is undone', 'unknown', 'unknown', 'unknown', []],
    [
      'both are at their limit, and they share a claim: already present',
      'limit reached, with the common claim',
      'limit reached, with the common claim',
      'already_present',
      [],
    ],
    ['both are at their limit with other claims: not executed', 'limit_reached', 'limit_reached', 'not_executed', []],
    ['one is at its limit with other claims: not executed', 'limit_reached', 'accepted', 'not_executed', ['right']],
    [
      'one is at its limit, the other unknown: not executed',
      'limit reached, with the common claim',
      'unknown',
      'not_executed',
      ['right'],
    ],
    [
      'one is at its limit, and they share a claim: already present, and the new claim is withdrawn',
      'limit reached, with the common claim',
      'accepted beside the common claim',
      'already_present',
      ['right'],
    ],
  ];
  for (const [name, inLeft, inRight, outcome, copies] of rows)
    it(name, async () => {
      const { answer, withdrawn } = await add(inLeft, inRight);
      expect(answer.outcome).to.equal(outcome);
      expect(withdrawn).to.deep.equal(copies);
    });
});
