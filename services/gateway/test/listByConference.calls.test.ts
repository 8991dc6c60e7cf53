import { expect } from 'chai';
import { Unknown } from 'many-to-many';
import { v7 } from 'uuid';
import { atOnce, watch } from '../../../many-to-many/test/gateway/createGateway.ts';
import { createScriptedAttendance, sampleAuthor, sampleConference, times } from './scriptedAttendance.ts';

const entity = sampleConference();
const author = sampleAuthor();
const page = { id: entity.id, after: null, limit: 10 };
const claims = [v7()];
const event_id = v7();
const found = {
  outcome: 'found' as const,
  entity,
  attendees: [{ author_id: author.id, events: [{ event_id, claims }] }],
  more: false,
};
const attendance = { outcome: 'found' as const, entity: author, events: [claims] };
const reset = () => new Unknown('the socket broke', { wasReset: true });

describe('the calls of a list by conference', () => {
  it('read at most 1,000 pairs in a batch, but do not split authors', async () => {
    const scripted = createScriptedAttendance();
    const attendees = [1_001, 600, 400, 1].map((length) => ({
      author_id: v7(),
      events: Array.from({ length }, () => ({ event_id: v7(), claims: [] })),
    }));
    scripted.conference.listByConference.reply(() => ({ ...found, attendees }));
    watch(scripted.attendance.listByConference(page, 'request-1'));
    await scripted.clock.runTurns();
    const read = scripted.author.readAttendees.calls.map(({ items }) => items.map(({ event_ids }) => event_ids.length));
    expect(read).to.deep.equal([[1_001], [600, 400], [1]]);
  });

  it('are repeated after a reset, and any outcome of the repeat counts', async () => {
    const scripted = createScriptedAttendance();
    scripted.conference.listByConference.reply(reset(), () => found);
    scripted.author.readAttendees.reply(reset(), () => attendance);
    const listed = await atOnce(scripted, scripted.attendance.listByConference(page, 'request-1'));
    expect(listed).to.deep.equal({ outcome: 'found', entity, items: [{ author, events: [event_id] }], next: null });
    scripted.author.readAttendees.reply(reset(), () => ({ outcome: 'entity_not_found' }));
    const empty = await atOnce(scripted, scripted.attendance.listByConference(page, 'request-1'));
    expect(empty).to.deep.equal({ outcome: 'found', entity, items: [], next: null });
  });
});

describe('a list by conference in a process that was suspended', () => {
  for (const [name, suspendedMs, outcome] of [
    ['is answered if the second call took requestMs', times.requestMs, 'found'],
    ['is not_executed if the second call took longer', times.requestMs + 1, 'not_executed'],
  ] as const)
    it(name, async () => {
      const scripted = createScriptedAttendance();
      scripted.conference.listByConference.reply(() => found);
      const answer = scripted.attendance.listByConference(page, 'request-1');
      await scripted.clock.runTurns();
      scripted.clock.suspend(suspendedMs);
      scripted.author.readAttendees.calls[0]!.resolve([attendance]);
      expect((await atOnce(scripted, answer)).outcome).to.equal(outcome);
    });

  it('counts both calls together', async () => {
    const scripted = createScriptedAttendance();
    const answer = scripted.attendance.listByConference(page, 'request-1');
    await scripted.clock.runTurns();
    scripted.clock.suspend(times.requestMs / 2);
    scripted.conference.listByConference.calls[0]!.resolve([found]);
    await scripted.clock.runTurns();
    scripted.clock.suspend(times.requestMs / 2 + 1);
    scripted.author.readAttendees.calls[0]!.resolve([attendance]);
    expect((await atOnce(scripted, answer)).outcome).to.equal('not_executed');
  });
});
