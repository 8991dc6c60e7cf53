import type { InsertItem, InsertOutcome } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { author, event, pair } from './samples.ts';
import type { Reply } from './scripted.ts';
import { atOnce, createWorld } from './world.ts';

const outcomes = [
  'taken',
  'taken beside the common claim',
  'full',
  'full of the common claim',
  'unknown_owner',
  'expired',
  'busy',
  'not_executed',
  'unknown',
] as const;
type Outcome = (typeof outcomes)[number];

const common = v7();
const showsCommon = (outcome: Outcome) => outcome.endsWith('common claim');
const took = (outcome: Outcome) => outcome.startsWith('taken');
const refused = (outcome: Outcome) => !took(outcome) && outcome !== 'unknown';

/** Each copy also holds an earlier claim that the other one does not. */
function reply<E>(outcome: Outcome, entity: E): Reply<InsertItem, InsertOutcome<E>> {
  const claims = showsCommon(outcome) ? [v7(), common] : [v7()];
  switch (outcome) {
    case 'taken':
    case 'taken beside the common claim':
      return () => ({ outcome: 'taken', entity, claims });
    case 'full':
    case 'full of the common claim':
      return () => ({ outcome: 'full', entity, claims });
    case 'not_executed':
      return new NotExecuted('refused');
    case 'unknown':
      return new Error('garbled');
    default:
      return () => ({ outcome });
  }
}

async function add(byAuthor: Outcome, byConference: Outcome) {
  const world = createWorld();
  world.author.insertClaims.reply(reply(byAuthor, author));
  world.conference.insertClaims.reply(reply(byConference, event));
  world.author.retireClaims.reply(() => ({ outcome: 'retired' }));
  world.conference.retireClaims.reply(() => ({ outcome: 'retired' }));
  const answer = await atOnce(world, world.protocol.add(pair, 'request-1'));
  await world.protocol.idle();
  const withdrawn: string[] = [];
  if (world.author.retireClaims.calls.length > 0) withdrawn.push('author');
  if (world.conference.retireClaims.calls.length > 0) withdrawn.push('conference');
  return { world, answer, withdrawn };
}

/** The rule once more, in the words of the table. */
function expected(byAuthor: Outcome, byConference: Outcome): object {
  const both = [byAuthor, byConference];
  const missing = [
    ...(byConference === 'unknown_owner' ? ['event'] : []),
    ...(byAuthor === 'unknown_owner' ? ['author'] : []),
  ];
  if (missing.length > 0) return { outcome: 'missing', missing };
  if (both.every(showsCommon)) return { outcome: 'already_attending', event, author };
  if (both.some(refused)) return { outcome: 'not_executed' };
  if (both.includes('unknown')) return { outcome: 'unknown' };
  return { outcome: 'added', event, author };
}

describe('add: every pair of outcomes', () => {
  for (const byAuthor of outcomes)
    for (const byConference of outcomes)
      it(`author: ${byAuthor}, conference: ${byConference}`, async () => {
        const { world, answer, withdrawn } = await add(byAuthor, byConference);
        expect(answer).to.deep.include(expected(byAuthor, byConference));
        expect(world.counted.added).to.deep.equal([answer.outcome]);

        const half = [
          ...(!refused(byAuthor) && refused(byConference) ? ['author'] : []),
          ...(!refused(byConference) && refused(byAuthor) ? ['conference'] : []),
        ];
        expect(withdrawn).to.deep.equal(half);
        const claim_id = world.ids[0]!;
        const withdrawal = { ...pair, claim_ids: [claim_id], remove_id: null, request_ids: ['request-1'] };
        for (const copy of ['author', 'conference'] as const) {
          const inserts = world[copy].insertClaims.calls.map(({ items }) => items);
          expect(inserts).to.deep.equal([[{ ...pair, claim_id, request_ids: ['request-1'] }]]);
          const retirements = world[copy].retireClaims.calls.map(({ items }) => items);
          expect(retirements).to.deep.equal(half.includes(copy) ? [[withdrawal]] : []);
        }
      });
});

describe('add: the rows of the table', () => {
  const rows: [name: string, author: Outcome, conference: Outcome, outcome: string, withdrawn: string[]][] = [
    ['both took it: 201', 'taken', 'taken', 'added', []],
    [
      'both took it and show a common earlier claim: 200',
      'taken beside the common claim',
      'taken beside the common claim',
      'already_attending',
      [],
    ],
    ['only one shows the earlier claim: 201', 'taken beside the common claim', 'taken', 'added', []],
    ['no such author: 404, withdrawn from the other', 'unknown_owner', 'taken', 'missing', ['conference']],
    ['no such event: 404, withdrawn from the other', 'taken', 'unknown_owner', 'missing', ['author']],
    ['neither exists: 404, nothing to withdraw', 'unknown_owner', 'unknown_owner', 'missing', []],
    ['no such author, the rest unknown: 404, withdrawn', 'unknown_owner', 'unknown', 'missing', ['conference']],
    ['no such event, the author busy: 404', 'busy', 'unknown_owner', 'missing', []],
    ['one expired: 503, withdrawn from the other', 'expired', 'taken', 'not_executed', ['conference']],
    ['one is busy: 503, withdrawn from the other', 'taken', 'busy', 'not_executed', ['author']],
    ['one was not reached: 503, withdrawn from the other', 'not_executed', 'taken', 'not_executed', ['conference']],
    ['a refusal outweighs the unknown: 503, withdrawn', 'unknown', 'not_executed', 'not_executed', ['author']],
    ['neither was reached: 503, nothing to withdraw', 'not_executed', 'not_executed', 'not_executed', []],
    ['one unknown: 504, nothing is undone', 'taken', 'unknown', 'unknown', []],
    ['both unknown: 504, nothing is undone', 'unknown', 'unknown', 'unknown', []],
    [
      'both full, and they share a claim: 200',
      'full of the common claim',
      'full of the common claim',
      'already_attending',
      [],
    ],
    ['both full of other claims: 503', 'full', 'full', 'not_executed', []],
    ['one full of other claims: 503', 'full', 'taken', 'not_executed', ['conference']],
    ['one full, the other unknown: 503', 'full of the common claim', 'unknown', 'not_executed', ['conference']],
    [
      'one full, and they share a claim: 200, and the new one is only in the way',
      'full of the common claim',
      'taken beside the common claim',
      'already_attending',
      ['conference'],
    ],
  ];
  for (const [name, byAuthor, byConference, outcome, copies] of rows)
    it(name, async () => {
      const { answer, withdrawn } = await add(byAuthor, byConference);
      expect(answer.outcome).to.equal(outcome);
      expect(withdrawn).to.deep.equal(copies);
    });
});
