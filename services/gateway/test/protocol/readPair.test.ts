import type { ReadPairItem, ReadPairOutcome } from '@attendance/common/contract/claims';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { author, event, pair } from './samples.ts';
import type { Reply } from './scripted.ts';
import { atOnce, createWorld, times, watch } from './world.ts';

const outcomes = ['common', 'other claims', 'no claim', 'unknown_owner', 'not_executed', 'unknown'] as const;
type Outcome = (typeof outcomes)[number];

const common = [v7(), v7()];

/** The common claims are told in another order, between others, by each copy. */
function reply<E>(outcome: Outcome, entity: E, shared: string[]): Reply<ReadPairItem, ReadPairOutcome<E>> {
  switch (outcome) {
    case 'common':
      return () => ({ outcome: 'found', entity, claims: [v7(), ...shared, v7()] });
    case 'other claims':
      return () => ({ outcome: 'found', entity, claims: [v7()] });
    case 'no claim':
      return () => ({ outcome: 'found', entity, claims: [] });
    case 'unknown_owner':
      return () => ({ outcome });
    case 'not_executed':
      return new NotExecuted('refused');
    case 'unknown':
      return new Error('garbled');
  }
}

function expected(byAuthor: Outcome, byConference: Outcome): object {
  const both = [byAuthor, byConference];
  const missing = [
    ...(byConference === 'unknown_owner' ? ['event'] : []),
    ...(byAuthor === 'unknown_owner' ? ['author'] : []),
  ];
  if (missing.length > 0) return { outcome: 'missing', missing };
  if (both.includes('no claim')) return { outcome: 'absent' };
  if (both.includes('not_executed') || both.includes('unknown')) return { outcome: 'not_executed' };
  return both.includes('other claims') ? { outcome: 'absent' } : { outcome: 'visible', event, author };
}

function createRead(byAuthor: Outcome, byConference: Outcome) {
  const world = createWorld();
  world.author.readPairs.reply(reply(byAuthor, author, common));
  world.conference.readPairs.reply(reply(byConference, event, common.toReversed()));
  world.author.retireClaims.reply(() => ({ outcome: 'retired' }));
  world.conference.retireClaims.reply(() => ({ outcome: 'retired' }));
  return world;
}

describe('pair read, and the first round of remove: every pair of outcomes', () => {
  for (const byAuthor of outcomes)
    for (const byConference of outcomes) {
      it(`read, author: ${byAuthor}, conference: ${byConference}`, async () => {
        const world = createRead(byAuthor, byConference);
        const seen = await atOnce(world, world.protocol.readPair(pair, 'request-1'));
        expect(seen).to.deep.include(expected(byAuthor, byConference));
        if (seen.outcome === 'visible') expect(seen.claims).to.have.members(common);
        for (const copy of [world.author, world.conference])
          expect(copy.readPairs.calls.map(({ items }) => items)).to.deep.equal([
            [{ ...pair, request_ids: ['request-1'] }],
          ]);
      });

      it(`remove, author: ${byAuthor}, conference: ${byConference}`, async () => {
        const world = createRead(byAuthor, byConference);
        const answer = await atOnce(world, world.protocol.remove(pair, 'request-1'));
        const visible = byAuthor === 'common' && byConference === 'common';
        expect(answer).to.deep.include(visible ? { outcome: 'removed' } : expected(byAuthor, byConference));
        for (const copy of [world.author, world.conference])
          expect(copy.retireClaims.calls).to.have.length(visible ? 1 : 0);
        expect(world.counted.removed).to.deep.equal([answer.outcome]);
      });
    }
});

describe('pair read: the rows of the table', () => {
  const rows: [name: string, author: Outcome, conference: Outcome, outcome: string][] = [
    ['both hold a common claim: 200', 'common', 'common', 'visible'],
    ['the claims of the two are not the same: 404', 'other claims', 'other claims', 'absent'],
    ['no claim in one copy proves absence, though the other holds some: 404', 'no claim', 'common', 'absent'],
    ['no claim in one copy proves absence, though the other did not answer: 404', 'unknown', 'no claim', 'absent'],
    ['no claim in one copy proves absence, though the other refused: 404', 'no claim', 'not_executed', 'absent'],
    ['no such author, though the other did not answer: 404', 'unknown_owner', 'unknown', 'missing'],
    ['no such event, though the other refused: 404', 'not_executed', 'unknown_owner', 'missing'],
    ['an owner did not answer: 503, never 504', 'common', 'unknown', 'not_executed'],
    ['an owner refused: 503', 'not_executed', 'other claims', 'not_executed'],
    ['neither answered: 503', 'unknown', 'not_executed', 'not_executed'],
  ];
  for (const [name, byAuthor, byConference, outcome] of rows)
    it(name, async () => {
      const world = createRead(byAuthor, byConference);
      const seen = await atOnce(world, world.protocol.readPair(pair, 'request-1'));
      expect(seen.outcome).to.equal(outcome);
    });

  it('asks both owners at once, and gives up at the deadline', async () => {
    const world = createWorld();
    const read = world.protocol.readPair(pair, 'request-1');
    const answered = watch(read);
    await world.clock.advance(times.downstream - 1);
    expect(world.author.readPairs.calls).to.have.length(1);
    expect(world.conference.readPairs.calls).to.have.length(1);
    expect(answered.settled).to.equal(false);
    await world.clock.advance(1);
    expect((await atOnce(world, read)).outcome).to.equal('not_executed');
  });
});
