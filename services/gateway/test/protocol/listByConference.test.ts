import { expect } from 'chai';
import { v7 } from 'uuid';
import { NotExecuted } from '../../src/protocol/failures.ts';
import { sampleAuthor, sampleConference } from './samples.ts';
import { atOnce, createWorld, type World } from './world.ts';

const conference = sampleConference();
const [a, b, c, d] = Array.from({ length: 4 }, () => v7()).sort() as [string, string, string, string];
const events = [v7(), v7(), v7()].sort();
const [first, second] = events as [string, string];
const claim = v7();
const page = { id: conference.id, after: null, limit: 10 };
const failures = { not_executed: new NotExecuted('refused'), unknown: new Error('garbled') };

const list = (world: World, request = page) => atOnce(world, world.protocol.listByConference(request, 'request-1'));

/** The first hop tells these claims of each author's events. */
function createTold(told: Record<string, Record<string, string[]>>, { more }: { more: boolean }) {
  const world = createWorld();
  const attendees = Object.entries(told).map(([author_id, claimsOf]) => ({
    author_id,
    events: Object.entries(claimsOf).map(([event_id, claims]) => ({ event_id, claims })),
  }));
  world.conference.listByConference.reply(() => ({ outcome: 'found', entity: conference, attendees, more }));
  return world;
}

describe('list by conference', () => {
  const rows: [name: string, outcome: 'unknown_owner' | keyof typeof failures, expected: string][] = [
    ['404 where there is no such conference', 'unknown_owner', 'missing'],
    ['503 where the conference service refused', 'not_executed', 'not_executed'],
    ['503, never 504, where the conference service did not answer', 'unknown', 'not_executed'],
  ];
  for (const [name, outcome, expected] of rows)
    it(`first hop: ${name}, and the author service is not asked`, async () => {
      const world = createWorld();
      world.conference.listByConference.reply(outcome === 'unknown_owner' ? () => ({ outcome }) : failures[outcome]);
      expect((await list(world)).outcome).to.equal(expected);
      expect(world.author.readAttendees.calls).to.have.length(0);
    });

  for (const failure of ['not_executed', 'unknown'] as const)
    it(`second hop: 503 where the author service's outcome is ${failure}`, async () => {
      const world = createTold({ [a]: { [first]: [claim] } }, { more: false });
      world.author.readAttendees.reply(failures[failure]);
      expect((await list(world)).outcome).to.equal('not_executed');
    });

  it('is found, and empty, where nobody attends, without a second hop', async () => {
    const world = createTold({}, { more: false });
    expect(await list(world)).to.deep.equal({ outcome: 'found', entity: conference, items: [], next: null });
    expect(world.author.readAttendees.calls).to.have.length(0);
  });

  it('asks first for the page, then for exactly the pairs that were told', async () => {
    const world = createTold(
      { [a]: { [first]: [claim], [second]: [claim] }, [b]: { [second]: [claim] } },
      { more: false },
    );
    world.author.readAttendees.reply(() => ({ outcome: 'unknown_owner' }));
    const listed = await list(world, { ...page, limit: 3 });
    expect(listed).to.deep.equal({ outcome: 'found', entity: conference, items: [], next: null });
    const request_ids = ['request-1'];
    expect(world.conference.listByConference.calls.map(({ items }) => items)).to.deep.equal([
      [{ conference_id: conference.id, after: null, limit: 3, request_ids }],
    ]);
    expect(world.author.readAttendees.calls.map(({ items }) => items)).to.deep.equal([
      [
        { author_id: a, event_ids: [first, second], request_ids },
        { author_id: b, event_ids: [second], request_ids },
      ],
    ]);
  });

  it('drops events that share no claim and authors left with none; the cursor is the last author told', async () => {
    const told = { [first]: [v7(), claim], [second]: [v7()] };
    const world = createTold({ [a]: told, [b]: { [second]: [v7()] }, [c]: told, [d]: told }, { more: true });
    world.author.readAttendees.reply(({ author_id, event_ids }) => {
      if (author_id === c) return { outcome: 'unknown_owner' };
      const claims = event_ids.map((event_id) => (event_id === first && author_id === a ? [claim] : [v7()]));
      return { outcome: 'found', entity: sampleAuthor(author_id), events: claims };
    });
    expect(await list(world)).to.deep.equal({
      outcome: 'found',
      entity: conference,
      items: [{ author: sampleAuthor(a), events: [first] }],
      next: d,
    });
  });

  it('may be an empty page that has a next one', async () => {
    const world = createTold({ [a]: { [first]: [claim] }, [b]: { [first]: [claim] } }, { more: true });
    world.author.readAttendees.reply(() => ({ outcome: 'unknown_owner' }));
    expect(await list(world)).to.deep.equal({ outcome: 'found', entity: conference, items: [], next: b });
  });
});
