import { expect } from 'chai';
import { v7 } from 'uuid';
import { inTime } from '../../src/protocol/inTime.ts';
import { author, event, pair, sampleConference } from './samples.ts';
import { atOnce, createWorld, times, type World } from './world.ts';

const page = { id: v7(), after: null, limit: 10 };
const claims = [v7()];

/** Each composed read, and what answers its last question after the process has slept. */
const reads: [name: string, read: (world: World) => Promise<{ outcome: string }>, late: (world: World) => void][] = [
  [
    'pair read',
    ({ protocol }) => protocol.readPair(pair, 'request-1'),
    (world) => world.author.readPairs.calls[0]!.resolve([{ outcome: 'found', entity: author, claims }]),
  ],
  [
    'remove',
    ({ protocol }) => protocol.remove(pair, 'request-1'),
    (world) => world.author.readPairs.calls[0]!.resolve([{ outcome: 'found', entity: author, claims }]),
  ],
  [
    'list by event',
    ({ protocol }) => protocol.listByEvent(page, 'request-1'),
    (world) => world.author.listByForeign.calls[0]!.resolve([{ outcome: 'found', pairs: [], more: false }]),
  ],
  [
    'list by author',
    ({ protocol }) => protocol.listByAuthor(page, 'request-1'),
    (world) =>
      world.author.listByOwned.calls[0]!.resolve([{ outcome: 'found', entity: author, pairs: [], more: false }]),
  ],
  [
    'list by conference, second hop',
    ({ protocol }) => protocol.listByConference(page, 'request-1'),
    (world) => world.author.readAttendees.calls[0]!.resolve([{ outcome: 'found', entity: author, events: [claims] }]),
  ],
];

function createConference() {
  const world = createWorld();
  world.conference.readPairs.reply(() => ({ outcome: 'found', entity: event, claims }));
  world.conference.listByOwned.reply(() => ({ outcome: 'found', entity: event, pairs: [], more: false }));
  world.conference.listByForeign.reply(() => ({ outcome: 'found', pairs: [], more: false }));
  const attendees = [{ author_id: author.id, events: [{ event_id: event.id, claims }] }];
  world.conference.listByConference.reply(() => ({
    outcome: 'found',
    entity: sampleConference(),
    attendees,
    more: false,
  }));
  world.conference.retireClaims.reply(() => ({ outcome: 'retired' }));
  return world;
}

describe('a composed read of a process that slept', () => {
  for (const [name, read, late] of reads) {
    it(`${name}: is answered when it took the public deadline`, async () => {
      const world = createConference();
      const answer = read(world);
      await world.clock.settle();
      world.clock.sleep(times.public);
      late(world);
      expect((await atOnce(world, answer)).outcome).to.be.oneOf(['visible', 'removed', 'found']);
    });

    it(`${name}: is not_executed when it took longer`, async () => {
      const world = createConference();
      const answer = read(world);
      await world.clock.settle();
      world.clock.sleep(times.public + 1);
      late(world);
      expect((await atOnce(world, answer)).outcome).to.equal('not_executed');
      expect(world.conference.retireClaims.calls).to.have.length(0);
    });
  }

  it('list by conference: counts both hops together', async () => {
    const world = createConference();
    world.conference.listByConference.reply('hold');
    const answer = world.protocol.listByConference(page, 'request-1');
    await world.clock.settle();
    world.clock.sleep(times.public / 2);
    const attendees = [{ author_id: author.id, events: [{ event_id: event.id, claims }] }];
    world.conference.listByConference.calls[0]!.resolve([
      { outcome: 'found', entity: sampleConference(), attendees, more: false },
    ]);
    await world.clock.settle();
    world.clock.sleep(times.public / 2 + 1);
    world.author.readAttendees.calls[0]!.resolve([{ outcome: 'found', entity: author, events: [claims] }]);
    expect((await atOnce(world, answer)).outcome).to.equal('not_executed');
  });

  it('goes by the given clock alone, and passes on what the read gave', async () => {
    const world = createWorld();
    const result = await inTime(world, () => Promise.resolve({ outcome: 'absent' as const }));
    expect(result).to.deep.equal({ outcome: 'absent' });
  });
});
